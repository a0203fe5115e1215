import { removedCount } from "./shares.js";

/**
 * Marks the training images that stay after cleaning: the floor(fraction * n) images with the largest scores go; of
 * equal scores the later row goes first.
 *
 * @param scores - for each training image its kNN score inside the training set, itself excluded
 * @param fraction - share to remove, from 0 to 0.99
 * @returns Uint8Array: 1 for each image that stays
 * @throws RangeError when the fraction is out of range or a score is NaN
 * @see Bergman, Cohen and Hoshen 2020, section 4.4
 */
export function keptAfterCleaning(scores: ArrayLike<number>, fraction: number): Uint8Array {
  const n = scores.length;
  const removed = removedCount(n, fraction);
  const kept = new Uint8Array(n).fill(1);
  if (removed === 0) return kept;
  const ascending = Float64Array.from(scores).sort();
  const limit = ascending[n - removed];
  if (Number.isNaN(ascending[n - 1])) throw new RangeError("cleaning needs scores that are numbers; got NaN");
  let left = removed;
  for (let i = 0; i < n; i++) {
    if (scores[i] > limit) {
      kept[i] = 0;
      left--;
    }
  }
  for (let i = n - 1; left > 0; i--) {
    if (scores[i] === limit) {
      kept[i] = 0;
      left--;
    }
  }
  return kept;
}
