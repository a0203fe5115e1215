import { checkOptions, integerIn } from "../core/options.js";
import type { Random } from "../core/random.js";
import { Features } from "../extractors/features.js";
import { NeighborIndex } from "../neighbors/index.js";
import type { Targets } from "./targets.js";

/** How targets are smoothed. */
export interface SmoothingOptions {
  /** Other images whose targets are averaged. @default 5 */
  neighbors?: number;
  /** Share of an image's own target in the smoothed one, in [0, 1]. @default 0.5 */
  ownShare?: number;
  /** First components of the targets by which the nearest images are found. @default all */
  components?: number;
  /** Images among which they are found; of more, so many are drawn. @default 20000 */
  among?: number;
  /** Aborts. */
  signal?: AbortSignal;
}

/**
 * Moves each target towards the mean of those of the nearest other images, and divides all by one standard deviation again: what an
 * image has in common with its neighbors stays, what is its own shrinks.
 *
 * Needs no labels. Time and memory grow with the number of images, as neighbors are found among at most `among` of them.
 *
 * @param targets - what a student is to learn
 * @param random - draws the images among which neighbors are found, where there are more
 * @param options - see `SmoothingOptions`
 * @returns smoothed targets of the same size
 * @throws RangeError when there are not more images than neighbors, or ownShare is outside [0, 1]
 * @throws Aborted when interrupted
 */
export async function smoothTargets(
  targets: Targets,
  random: Random,
  options: SmoothingOptions = {},
): Promise<Targets> {
  checkOptions("smoothTargets", options, ["neighbors", "ownShare", "components", "among", "signal"]);
  const { neighbors = 5, ownShare = 0.5, components = targets.size, among = 20_000, signal } = options;
  const { data, size } = targets;
  const n = data.length / size;
  integerIn("among", among, 2, Number.MAX_SAFE_INTEGER, "images");
  integerIn("neighbors", neighbors, 1, Math.min(n, among) - 1, "images less one");
  integerIn("components", components, 1, size, "numbers in a target");
  if (!(ownShare >= 0 && ownShare <= 1))
    throw new RangeError(`ownShare must be from 0 to 1; got ${ownShare}`);
  const rows = firstComponents(targets, components);
  const drawn = n > among ? random.sample(n, among).sort() : undefined;
  const others = drawn ? rows.subset(drawn) : rows;
  const { indices } = await new NeighborIndex(others).search(rows, neighbors, { signal });
  const smoothed = new Float32Array(data.length);
  const share = (1 - ownShare) / neighbors;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const near = indices.subarray(i * neighbors, (i + 1) * neighbors);
    for (let c = 0; c < size; c++) {
      let sum = 0;
      for (const row of near) sum += data[(drawn ? drawn[row] : row) * size + c];
      const value = ownShare * data[i * size + c] + share * sum;
      smoothed[i * size + c] = value;
      squares += value * value;
    }
  }
  const scale = Math.sqrt(data.length / squares);
  for (let i = 0; i < smoothed.length; i++) smoothed[i] *= scale;
  return { ...targets, data: smoothed };
}

function firstComponents({ data, size }: Targets, components: number): Features {
  const n = data.length / size;
  const ids = Array.from({ length: n }, (_, i) => String(i));
  if (components === size) return new Features(data, size, ids);
  const rows = new Float32Array(n * components);
  for (let i = 0; i < n; i++) rows.set(data.subarray(i * size, i * size + components), i * components);
  return new Features(rows, components, ids);
}
