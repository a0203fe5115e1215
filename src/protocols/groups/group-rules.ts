import type { Random } from "../../core/random.js";

/** Groups as rows of features, with the ground truth. */
export interface GroupSample {
  /** Rows of each group. */
  readonly groups: readonly (readonly number[])[];
  /** For each group 1 where it is anomalous. */
  readonly isAnomaly: Uint8Array;
}

/** Rows of each class's images. */
export type ClassRows = readonly (readonly number[])[];

/**
 * The published rule: a normal group has one image of each of its classes, an anomalous one as many images drawn at random
 * from the same classes together. A random draw that happens to have one of each is drawn again, since it would be normal.
 *
 * @param classes - rows of each class's images; the group size is their number, at least 2
 * @param count - normal groups, and as many anomalous ones
 * @param random - source of chance; it also decides the order inside a group
 * @returns normal groups, then anomalous ones
 */
export function fixedClassGroups(classes: ClassRows, count: number, random: Random): GroupSample {
  const normal = normalFixedClassGroups(classes, count, random);
  const anomalous = Array.from({ length: count }, () => {
    for (;;) {
      const chosen = classes.map(() => random.integer(classes.length));
      if (new Set(chosen).size < classes.length) return pick(classes, chosen, random);
    }
  });
  return sample(normal, anomalous);
}

/**
 * @param classes - rows of each class's images
 * @param count - number of groups
 * @param random - source of chance
 * @returns groups with one image of each class
 */
export function normalFixedClassGroups(classes: ClassRows, count: number, random: Random): number[][] {
  const each = classes.map((_, c) => c);
  return Array.from({ length: count }, () => pick(classes, random.shuffle([...each]), random));
}

/**
 * The second rule: a normal group has images of the normal class only; an anomalous one has round(share x size) images of
 * other classes, at least one.
 *
 * @param normal - rows of images of the normal class
 * @param others - rows of images of other classes
 * @param size - images a group
 * @param options - `share` of other images in an anomalous group; `count` of normal groups, and as many anomalous ones
 * @param random - source of chance
 * @returns normal groups, then anomalous ones
 */
export function anomalyShareGroups(
  normal: readonly number[],
  others: readonly number[],
  size: number,
  { share, count }: { readonly share: number; readonly count: number },
  random: Random,
): GroupSample {
  const strangers = Math.max(1, Math.round(share * size));
  const anomalous = Array.from({ length: count }, () =>
    random.shuffle([...distinct(others, strangers, random), ...distinct(normal, size - strangers, random)]),
  );
  return sample(normalGroups(normal, size, count, random), anomalous);
}

/**
 * @param normal - rows of images of the normal class, at least `size`
 * @param size - images a group
 * @param count - number of groups
 * @param random - source of chance
 * @returns groups of different images of the normal class
 */
export function normalGroups(
  normal: readonly number[],
  size: number,
  count: number,
  random: Random,
): number[][] {
  return Array.from({ length: count }, () => distinct(normal, size, random));
}

function sample(normal: number[][], anomalous: number[][]): GroupSample {
  const isAnomaly = new Uint8Array(normal.length + anomalous.length).fill(1, normal.length);
  return { groups: [...normal, ...anomalous], isAnomaly };
}

/** One image of each chosen class, no image twice. */
function pick(classes: ClassRows, chosen: readonly number[], random: Random): number[] {
  const group: number[] = [];
  for (const c of chosen) {
    let row = classes[c][random.integer(classes[c].length)];
    while (group.includes(row)) row = classes[c][random.integer(classes[c].length)];
    group.push(row);
  }
  return group;
}

function distinct(rows: readonly number[], count: number, random: Random): number[] {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(rows[random.integer(rows.length)]);
  return [...chosen];
}
