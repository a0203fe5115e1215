import { checkOptions } from "../core/options.js";
import { type AnomalyLabels, type SortedScores, sortByKind } from "./labelled-scores.js";
import { normalAbove, normalHalfWidth } from "./normal-distribution.js";

/** Options of intervals. */
export interface IntervalOptions {
  /** Probability that the interval covers the true value, above 0 and below 1. Default 0.95. */
  readonly level?: number;
}

const metric = "the interval of ROCAUC";

/** An area under a ROC curve with its uncertainty from the choice of test images. */
export interface RocAucInterval {
  /** The area as a fraction, the same as `rocAuc` gives. */
  readonly rocAuc: number;
  /** Lower end of the interval, at least 0. */
  readonly low: number;
  /** Upper end of the interval, at most 1. */
  readonly high: number;
  /** Standard error of the area. */
  readonly standardError: number;
  /** Probability that the interval covers the true area. */
  readonly level: number;
}

/** Two areas under ROC curves of the same images. */
export interface RocAucComparison {
  /** Area of the first scores. */
  readonly first: RocAucInterval;
  /** Area of the second scores. */
  readonly second: RocAucInterval;
  /** First area less second area. */
  readonly difference: number;
  /** Lower end of the difference's interval. */
  readonly low: number;
  /** Upper end of the difference's interval. */
  readonly high: number;
  /** Standard error of the difference. */
  readonly standardError: number;
  /** Covariance of the two areas. */
  readonly covariance: number;
  /** Probability of a difference at least as large, either way, if the true areas were equal. */
  readonly pValue: number;
}

/**
 * ROCAUC with an interval by DeLong's method: area +- z * standard error, cut at 0 and 1.
 *
 * It says how far the area would vary with other test images from the same source; training images and k are taken as
 * given. With a handful of anomalies or an area near 1 it is too narrow; where all anomalies score above all normal images
 * it is a point.
 *
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - 1 or true where the image is an anomaly, 0 or false where it is normal
 * @param options - level of the interval
 * @returns area, interval and standard error, in n log n steps
 * @throws RangeError when lengths differ, a score is NaN, there are fewer than two images of a kind, or the level is not
 * between 0 and 1
 * @see DeLong, DeLong and Clarke-Pearson 1988; Sun and Xu 2014 for the algorithm
 */
export function rocAucInterval(
  scores: ArrayLike<number>,
  isAnomaly: AnomalyLabels,
  options: IntervalOptions = {},
): RocAucInterval {
  checkOptions("rocAucInterval", options, ["level"]);
  return intervalOfSorted(sortByKind(metric, scores, isAnomaly), options.level ?? 0.95);
}

/**
 * Compares the ROCAUC of two scores of the same images by DeLong's method, which takes into account that the same images
 * are hard for both.
 *
 * @param first - one score an image, larger = more anomalous
 * @param second - other scores of the same images
 * @param isAnomaly - 1 or true where the image is an anomaly, 0 or false where it is normal
 * @param options - level of the intervals
 * @returns both areas, their difference with its interval, and the two-sided p-value
 * @throws RangeError as `rocAucInterval`
 * @see DeLong, DeLong and Clarke-Pearson 1988; Sun and Xu 2014 for the algorithm
 */
export function compareRocAuc(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  isAnomaly: AnomalyLabels,
  options: IntervalOptions = {},
): RocAucComparison {
  checkOptions("compareRocAuc", options, ["level"]);
  const { level = 0.95 } = options;
  const [a, b] = [placements(first, isAnomaly), placements(second, isAnomaly)];
  const [x, y] = [intervalOf(a, level), intervalOf(b, level)];
  const difference = x.rocAuc - y.rocAuc;
  const covariance = covarianceOf(a, b);
  const standardError = Math.sqrt(Math.max(0, x.standardError ** 2 + y.standardError ** 2 - 2 * covariance));
  const reach = normalHalfWidth(level) * standardError;
  const pValue = difference === 0 ? 1 : 2 * normalAbove(Math.abs(difference) / standardError);
  const [low, high] = [Math.max(-1, difference - reach), Math.min(1, difference + reach)];
  return { first: x, second: y, difference, low, high, standardError, covariance, pValue };
}

/** For each image the share of the images of the other kind that it stands in the right order to, ties one half. */
export interface Placements {
  /** Float64Array, in the order of the anomalies. */
  readonly anomalous: Float64Array;
  /** Float64Array, in the order of the normal images. */
  readonly normal: Float64Array;
  /** Mean of either. */
  readonly area: number;
}

/**
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - ground truth
 * @returns each image's share of rightly ordered pairs
 * @throws RangeError as `rocAucInterval`
 */
export function placements(scores: ArrayLike<number>, isAnomaly: AnomalyLabels): Placements {
  const sorted = sortByKind(metric, scores, isAnomaly);
  requireTwoOfEach(sorted);
  const [normals, anomalies] = [sorted.normal.length, sorted.anomalous.length];
  const anomalous = new Float64Array(anomalies);
  const normal = new Float64Array(normals);
  let [a, b, halfPairs] = [0, 0, 0];
  for (let i = 0; i < scores.length; i++) {
    if (Number(isAnomaly[i]) === 1) {
      const halves = halvesBelow(sorted.normal, scores[i]);
      halfPairs += halves;
      anomalous[a++] = halves / (2 * normals);
    } else {
      normal[b++] = 1 - halvesBelow(sorted.anomalous, scores[i]) / (2 * anomalies);
    }
  }
  return { anomalous, normal, area: halfPairs / (2 * normals * anomalies) };
}

function requireTwoOfEach({ normal, anomalous }: SortedScores): void {
  if (normal.length < 2 || anomalous.length < 2) {
    throw new RangeError(
      `${metric} needs at least two anomalies and two normal images; got ${anomalous.length} and ${normal.length}`,
    );
  }
}

/**
 * @param sorted - scores by kind, ascending
 * @param level - probability that the interval covers the true value
 * @returns as `rocAucInterval`
 * @throws RangeError when there are fewer than two images of a kind, or the level is not between 0 and 1
 */
export function intervalOfSorted(sorted: SortedScores, level: number): RocAucInterval {
  requireTwoOfEach(sorted);
  const [normals, anomalies] = [sorted.normal.length, sorted.anomalous.length];
  const above = halvesInOrder(sorted.normal, sorted.anomalous);
  const halfPairs = above.reduce((sum, halves) => sum + halves, 0);
  const anomalous = above.map((halves) => halves / (2 * normals));
  const normal = halvesInOrder(sorted.anomalous, sorted.normal).map((halves) => 1 - halves / (2 * anomalies));
  return intervalOf({ anomalous, normal, area: halfPairs / (2 * normals * anomalies) }, level);
}

/** For each score, twice the number of values below it plus the number equal to it; both ascending. */
function halvesInOrder(ascending: Float64Array, scores: Float64Array): Float64Array {
  let [below, upTo] = [0, 0];
  return scores.map((score) => {
    while (below < ascending.length && ascending[below] < score) below++;
    while (upTo < ascending.length && ascending[upTo] <= score) upTo++;
    return below + upTo;
  });
}

/** Twice the number of values below a score, plus the number of values equal to it. */
function halvesBelow(ascending: Float64Array, score: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < score) low = middle + 1;
    else high = middle;
  }
  const below = low;
  high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= score) low = middle + 1;
    else high = middle;
  }
  return below + low;
}

function covarianceOf(a: Placements, b: Placements): number {
  const part = (x: Float64Array, y: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += (x[i] - a.area) * (y[i] - b.area);
    return sum / (x.length - 1) / x.length;
  };
  return part(a.anomalous, b.anomalous) + part(a.normal, b.normal);
}

function intervalOf(placed: Placements, level: number): RocAucInterval {
  return intervalAround(placed.area, Math.sqrt(covarianceOf(placed, placed)), level);
}

/**
 * @param rocAuc - an area
 * @param standardError - its standard error
 * @param level - probability that the interval covers the true area
 * @returns area +- z * standard error, cut at 0 and 1
 */
export function intervalAround(rocAuc: number, standardError: number, level: number): RocAucInterval {
  const reach = normalHalfWidth(level) * standardError;
  const [low, high] = [Math.max(0, rocAuc - reach), Math.min(1, rocAuc + reach)];
  return { rocAuc, low, high, standardError, level };
}
