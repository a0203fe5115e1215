import { checkOptions, integerIn } from "../core/options.js";
import type { IntervalOptions } from "./delong.js";
import { type AnomalyLabels, type SortedScores, sortByKind } from "./labelled-scores.js";
import { normalHalfWidth } from "./normal-distribution.js";
import { countFromAbove } from "./roc.js";

/** Options of `rocBand`. */
export interface RocBandOptions extends IntervalOptions {
  /** Number of false positive rates, closer together near 0; from 2, default 61. */
  readonly points?: number;
}

/** A pointwise band about a ROC curve: an interval of the true positive rate at each of some false positive rates. */
export interface RocBand {
  /** Float64Array: false positive rates from 0 to 1, rising. */
  readonly falsePositiveRate: Float64Array;
  /** Float64Array: lower end of the true positive rate. */
  readonly low: Float64Array;
  /** Float64Array: upper end of the true positive rate. */
  readonly high: Float64Array;
  /** Probability that the interval at one false positive rate covers the true value; the whole curve leaves more often. */
  readonly level: number;
}

/**
 * A pointwise band about a ROC curve.
 *
 * Two uncertainties meet at each false positive rate f: which threshold has this rate, taken from Wilson's interval of f
 * among the normal images, and the share of anomalies above a threshold, from Wilson's interval among the anomalies. They
 * are independent and are joined by the root of the sum of their squares (MOVER).
 *
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - 1 or true where the image is an anomaly, 0 or false where it is normal
 * @param options - level and number of points
 * @returns rates and ends of the intervals
 * @throws RangeError when lengths differ, a score is NaN, a kind is missing, or the level is not between 0 and 1
 * @see Wilson 1927; Zou and Donner 2008 for the joining
 */
export function rocBand(
  scores: ArrayLike<number>,
  isAnomaly: AnomalyLabels,
  options: RocBandOptions = {},
): RocBand {
  checkOptions("rocBand", options, ["level", "points"]);
  const { level = 0.95, points = 61 } = options;
  integerIn("points", points, 2, 100_000);
  return bandOfSorted(sortByKind("the band of the ROC curve", scores, isAnomaly), level, points);
}

/**
 * @param sorted - scores by kind, ascending
 * @param level - probability of each interval
 * @param points - number of false positive rates
 * @returns as `rocBand`
 */
export function bandOfSorted(sorted: SortedScores, level: number, points: number): RocBand {
  const z = normalHalfWidth(level);
  const [normals, anomalies] = [sorted.normal.length, sorted.anomalous.length];
  const counts = countFromAbove(sorted);
  const found = (rate: number) => interpolate(counts.normal, counts.anomalous, rate * normals) / anomalies;
  const falsePositiveRate = Float64Array.from({ length: points }, (_, i) => (i / (points - 1)) ** 2);
  const low = new Float64Array(points);
  const high = new Float64Array(points);
  falsePositiveRate.forEach((rate, i) => {
    const middle = found(rate);
    const [stricter, looser] = wilson(rate, normals, z);
    const [fewer, more] = wilson(middle, anomalies, z);
    low[i] = Math.max(0, middle - Math.hypot(middle - fewer, middle - found(stricter)));
    high[i] = Math.min(1, middle + Math.hypot(more - middle, found(looser) - middle));
  });
  return { falsePositiveRate, low, high, level };
}

/** Ends of Wilson's interval of a share among n. */
function wilson(share: number, n: number, z: number): [low: number, high: number] {
  const room = (z * z) / n;
  const middle = (share + room / 2) / (1 + room);
  const reach = (z * Math.sqrt((share * (1 - share)) / n + room / (4 * n))) / (1 + room);
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}

/** The height of a rising line at x; where it climbs straight up, the top. */
function interpolate(xs: Float64Array, ys: Float64Array, x: number): number {
  let [low, high] = [0, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle + 1;
    else high = middle;
  }
  if (low === xs.length) return ys[low - 1];
  const share = (x - xs[low - 1]) / (xs[low] - xs[low - 1]);
  return ys[low - 1] + share * (ys[low] - ys[low - 1]);
}
