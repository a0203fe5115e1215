const slack = 1e-9;

/**
 * Requires a share.
 *
 * @param what - name of the share, for the message
 * @param value - the value as received
 * @param high - largest valid value
 * @returns the value
 * @throws RangeError naming the range and what came
 */
export function shareUpTo(what: string, value: number, high: number): number {
  if (!(value >= 0 && value <= high)) {
    throw new RangeError(`${what} must be a share from 0 to ${high}, for example 0.1; got ${value}`);
  }
  return value;
}

/**
 * How many anomalies make a contamination rate, which is anomalies / all training images: floor(rate / (1 - rate) * normals).
 *
 * @param normals - number of normal training images
 * @param rate - share of anomalies among all training images, from 0 to 0.9
 * @returns the largest number of anomalies whose share does not exceed the rate
 * @throws RangeError when the rate is out of range
 */
export function anomaliesForRate(normals: number, rate: number): number {
  shareUpTo("contamination rate", rate, 0.9);
  return Math.floor((rate / (1 - rate)) * normals + slack);
}

/**
 * How many images cleaning removes: floor(fraction * n).
 *
 * @param n - number of training images
 * @param fraction - share to remove, from 0 to 0.99
 * @returns number of images to remove
 * @throws RangeError when the fraction is out of range
 */
export function removedCount(n: number, fraction: number): number {
  shareUpTo("cleaned fraction", fraction, 0.99);
  return Math.floor(fraction * n + slack);
}
