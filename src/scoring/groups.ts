import { integerIn, oneOf } from "../core/options.js";
import type { Random } from "../core/random.js";
import { Features } from "../extractors/features.js";

/** How the features of a group's images become one vector. */
export type Pooling = "mean" | "max" | "concatenation";

/** The ways of pooling. */
export const poolings: readonly Pooling[] = ["mean", "max", "concatenation"];

/**
 * One feature vector for each group of images, so that groups are scored like images.
 *
 * @param features - features of the images, n x d
 * @param groups - rows of each group, at least one a group; an image may be in several groups
 * @param pooling - "mean" or "max" over the group for each of the d features, or "concatenation" in the group's order
 * (size x d features; all groups equally large)
 * @returns features of the groups; an id joins those of the group's images with " + "
 * @throws RangeError when a group is empty, names a row that does not exist, or differs in size where that matters
 * @see Bergman, Cohen and Hoshen 2020, section 4.3
 */
export function poolGroups(
  features: Features,
  groups: readonly ArrayLike<number>[],
  pooling: Pooling,
): Features {
  oneOf("pooling", pooling, poolings);
  if (groups.length === 0) throw new RangeError("pooling needs at least one group; got none");
  const size = groups[0].length;
  groups.forEach((group, g) => {
    if (group.length === 0) throw new RangeError(`a group needs at least one image; group ${g} has none`);
    if (pooling === "concatenation" && group.length !== size) {
      throw new RangeError(
        `groups must be equally large to be concatenated; group 0 has ${size} images and group ${g} has ${group.length}; pool by mean or max instead`,
      );
    }
  });
  const d = pooling === "concatenation" ? size * features.d : features.d;
  const data = new Float32Array(groups.length * d);
  groups.forEach((group, g) => {
    const rows = Array.from(group, (row) => features.row(row));
    const target = data.subarray(g * d, (g + 1) * d);
    if (pooling === "concatenation") rows.forEach((row, i) => void target.set(row, i * features.d));
    else if (pooling === "max") for (let j = 0; j < d; j++) target[j] = maximumAt(rows, j);
    else for (let j = 0; j < d; j++) target[j] = meanAt(rows, j);
  });
  const steps = [...(features.provenance.steps ?? []), `pooled in groups by ${pooling}`];
  return new Features(data, d, groupIds(features, groups), { provenance: { ...features.provenance, steps } });
}

/**
 * Divides images into groups at random, each image in at most one group; those left over are in none.
 *
 * @param members - the rows to divide, or their number n for rows 0 to n - 1
 * @param size - images a group, at least 1
 * @param random - source of chance
 * @returns floor(n / size) groups of rows
 * @throws RangeError when there are fewer images than a group needs
 */
export function makeGroups(members: number | ArrayLike<number>, size: number, random: Random): number[][] {
  const rows =
    typeof members === "number" ? Array.from({ length: members }, (_, i) => i) : Array.from(members);
  integerIn("size of a group", size, 1, rows.length, "images");
  random.shuffle(rows);
  return Array.from({ length: Math.floor(rows.length / size) }, (_, g) =>
    rows.slice(g * size, (g + 1) * size),
  );
}

function meanAt(rows: readonly Float32Array[], j: number): number {
  let sum = 0;
  for (const row of rows) sum += row[j];
  return sum / rows.length;
}

function maximumAt(rows: readonly Float32Array[], j: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const row of rows) if (row[j] > largest) largest = row[j];
  return largest;
}

function groupIds(features: Features, groups: readonly ArrayLike<number>[]): string[] {
  const seen = new Map<string, number>();
  return groups.map((group) => {
    const id = Array.from(group, (row) => features.ids[row]).join(" + ");
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? id : `${id} (${count})`;
  });
}
