import { checkOptions, integerIn } from "../core/options.js";
import { Features } from "../extractors/features.js";
import { NeighborIndex } from "../neighbors/index.js";
import type { Targets } from "./targets.js";

/** How targets are smoothed. */
export interface SmoothingOptions {
  /** Other images whose targets are averaged. @default 5 */
  neighbors?: number;
  /** Share of an image's own target in the smoothed one, in [0, 1]. @default 0.5 */
  ownShare?: number;
  /** First components of the targets by which the nearest images are found, at most as many as there are. @default 64 */
  components?: number;
  /** Aborts. */
  signal?: AbortSignal;
}

/**
 * Moves each target towards the mean of those of the nearest other images, and divides all by one standard deviation again: what an
 * image has in common with its neighbors stays, what is its own shrinks.
 *
 * Needs no labels. Time grows with the square of the number of images, memory with their number.
 *
 * @param targets - what a student is to learn
 * @param options - see `SmoothingOptions`
 * @returns smoothed targets of the same size
 * @throws RangeError when there are not more images than neighbors, or ownShare is outside [0, 1]
 * @throws Aborted when interrupted
 */
export async function smoothTargets(targets: Targets, options: SmoothingOptions = {}): Promise<Targets> {
  checkOptions("smoothTargets", options, ["neighbors", "ownShare", "components", "signal"]);
  const { neighbors = 5, ownShare = 0.5, components = Math.min(64, targets.size), signal } = options;
  const { data, size } = targets;
  const n = data.length / size;
  integerIn("neighbors", neighbors, 1, n - 1, "images less one");
  integerIn("components", components, 1, size, "numbers in a target");
  if (!(ownShare >= 0 && ownShare <= 1))
    throw new RangeError(`ownShare must be from 0 to 1; got ${ownShare}`);
  const rows = firstComponents(targets, components);
  const { indices } = await new NeighborIndex(rows).search(rows, neighbors, { signal });
  const smoothed = new Float32Array(data.length);
  const share = (1 - ownShare) / neighbors;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < size; c++) {
      let sum = 0;
      for (let j = i * neighbors; j < (i + 1) * neighbors; j++) sum += data[indices[j] * size + c];
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
  const rows = new Float32Array(n * components);
  for (let i = 0; i < n; i++) rows.set(data.subarray(i * size, i * size + components), i * components);
  const ids = Array.from({ length: n }, (_, i) => String(i));
  return new Features(rows, components, ids);
}
