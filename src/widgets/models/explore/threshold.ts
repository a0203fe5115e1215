/**
 * The score from which on a share of the images is called anomalous; between two scores it moves evenly.
 *
 * @param ascending - all scores, at least one, ascending
 * @param share - share of the images that score at least the threshold, 0 to 1
 * @returns the threshold; above all scores for a share of 0
 */
export function thresholdFor(ascending: Float64Array, share: number): number {
  const n = ascending.length;
  const exact = Math.min(1, Math.max(0, share)) * n;
  const called = Math.abs(exact - Math.round(exact)) < 1e-6 ? Math.round(exact) : exact;
  const whole = Math.floor(called);
  const at = (count: number) => (count === 0 ? above(ascending) : ascending[n - count]);
  if (whole === n) return ascending[0];
  return at(whole) + (called - whole) * (at(whole + 1) - at(whole));
}

/**
 * The inverse of `thresholdFor`.
 *
 * @param ascending - all scores, at least one, ascending
 * @param threshold - any number
 * @returns the share for which the threshold is this, or the nearest there is
 */
export function shareFor(ascending: Float64Array, threshold: number): number {
  const n = ascending.length;
  const below = countBelow(ascending, threshold);
  if (below === 0) return 1;
  const [left, right] = [ascending[below - 1], below < n ? ascending[below] : above(ascending)];
  const part = Math.min(1, (right - threshold) / (right - left));
  return Math.max(0, Math.min(1, (n - below + part) / n));
}

/**
 * @param ascending - numbers, ascending
 * @param value - any number
 * @returns how many are smaller
 */
export function countBelow(ascending: ArrayLike<number>, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A place above all scores, as far as the scores are apart at most one thousandth of their range. */
function above(ascending: Float64Array): number {
  const highest = ascending[ascending.length - 1];
  return highest + Math.max((highest - ascending[0]) / 1000, Math.abs(highest) * 1e-9, 1e-300);
}
