/** What Benjamini and Hochberg's procedure decides about many images. */
export interface Discoveries {
  /** Uint8Array: 1 for each image that is called an anomaly. */
  readonly isDiscovery: Uint8Array;
  /** Float64Array: for each image the smallest false discovery rate at which it would be called an anomaly. */
  readonly adjusted: Float64Array;
  /** Number of images that are called anomalies. */
  readonly count: number;
  /** Largest p-value that was called an anomaly; 0 where none was. */
  readonly largestPValue: number;
}

/**
 * Calls images anomalies so that, on average, at most a stated share of those called are normal: the false discovery rate.
 *
 * The images with the m smallest p-values are called, m being the largest number whose m-th smallest p-value is at most
 * m / n x rate. With p-values of a `Calibration` the share is kept although they share their normal scores.
 *
 * @param pValues - one p-value an image, from 0 to 1
 * @param rate - false discovery rate, above 0 and below 1
 * @returns decisions and adjusted p-values in the order of the images
 * @throws RangeError when a p-value is not from 0 to 1, or the rate is out of range
 * @see Benjamini and Hochberg 1995; Bates et al. 2023 for conformal p-values
 */
export function benjaminiHochberg(pValues: ArrayLike<number>, rate: number): Discoveries {
  if (!(rate > 0 && rate < 1)) {
    throw new RangeError(`a false discovery rate must be above 0 and below 1, for example 0.1; got ${rate}`);
  }
  const n = pValues.length;
  const values = Float64Array.from(pValues);
  const wrong = values.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong >= 0) throw new RangeError(`p-values must be from 0 to 1; number ${wrong} is ${values[wrong]}`);
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a] - values[b] || a - b);
  const adjusted = new Float64Array(n);
  let smallest = 1;
  for (let place = n; place > 0; place--) {
    const image = order[place - 1];
    smallest = Math.min(smallest, (values[image] * n) / place);
    adjusted[image] = smallest;
  }
  const isDiscovery = Uint8Array.from(adjusted, (value) => Number(value <= rate * (1 + 1e-12)));
  let [count, largestPValue] = [0, 0];
  isDiscovery.forEach((called, i) => {
    count += called;
    if (called === 1) largestPValue = Math.max(largestPValue, values[i]);
  });
  return { isDiscovery, adjusted, count, largestPValue };
}
