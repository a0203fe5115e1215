import { type AnomalyLabels, type SortedScores, sortByKind } from "./labelled-scores.js";

/** A receiver operating characteristic; the first point is (0, 0), the last (1, 1). */
export interface RocCurve {
  /** Float64Array: share of normal images that score at least the threshold, rising. */
  readonly falsePositiveRate: Float64Array;
  /** Float64Array: share of anomalies that score at least the threshold, rising. */
  readonly truePositiveRate: Float64Array;
  /** Float64Array: Infinity, then every different score, falling. */
  readonly threshold: Float64Array;
}

/**
 * Area under the ROC curve: the share of pairs of an anomaly and a normal image in which the anomaly scores higher,
 * equal scores counting one half.
 *
 * Counted in whole pairs and divided once, so that it is exact.
 *
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - 1 or true where the image is an anomaly, 0 or false where it is normal
 * @returns the area as a fraction, 0 to 1
 * @throws RangeError when lengths differ, a score is NaN, or there is no anomaly or no normal image
 */
export function rocAuc(scores: ArrayLike<number>, isAnomaly: AnomalyLabels): number {
  return areaOf(sortByKind("ROCAUC", scores, isAnomaly));
}

/**
 * The ROC curve with a point for every different score.
 *
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - 1 or true where the image is an anomaly, 0 or false where it is normal
 * @returns rates and thresholds, from the strictest threshold to the loosest
 * @throws RangeError when lengths differ, a score is NaN, or there is no anomaly or no normal image
 */
export function rocCurve(scores: ArrayLike<number>, isAnomaly: AnomalyLabels): RocCurve {
  const sorted = sortByKind("the ROC curve", scores, isAnomaly);
  const steps = countFromAbove(sorted);
  return {
    falsePositiveRate: Float64Array.from(steps.normal, (count) => count / sorted.normal.length),
    truePositiveRate: Float64Array.from(steps.anomalous, (count) => count / sorted.anomalous.length),
    threshold: steps.threshold,
  };
}

/** For Infinity and every different score, falling: how many images of either kind score at least that. */
export interface CountsFromAbove {
  /** Float64Array of thresholds. */
  readonly threshold: Float64Array;
  /** Normal images at or above each threshold. */
  readonly normal: Float64Array;
  /** Anomalies at or above each threshold. */
  readonly anomalous: Float64Array;
}

/**
 * Counts images above thresholds.
 *
 * @param sorted - scores by kind, ascending
 * @returns thresholds and counts
 */
export function countFromAbove({ normal, anomalous }: SortedScores): CountsFromAbove {
  const thresholds = [Number.POSITIVE_INFINITY];
  const normalCounts = [0];
  const anomalousCounts = [0];
  let i = normal.length;
  let j = anomalous.length;
  while (i > 0 || j > 0) {
    const threshold = Math.max(
      i > 0 ? normal[i - 1] : Number.NEGATIVE_INFINITY,
      j > 0 ? anomalous[j - 1] : Number.NEGATIVE_INFINITY,
    );
    while (i > 0 && normal[i - 1] === threshold) i--;
    while (j > 0 && anomalous[j - 1] === threshold) j--;
    thresholds.push(threshold);
    normalCounts.push(normal.length - i);
    anomalousCounts.push(anomalous.length - j);
  }
  return {
    threshold: Float64Array.from(thresholds),
    normal: Float64Array.from(normalCounts),
    anomalous: Float64Array.from(anomalousCounts),
  };
}

function areaOf({ normal, anomalous }: SortedScores): number {
  let below = 0;
  let upTo = 0;
  let halfPairs = 0;
  for (const score of anomalous) {
    while (below < normal.length && normal[below] < score) below++;
    while (upTo < normal.length && normal[upTo] <= score) upTo++;
    halfPairs += below + upTo;
  }
  return halfPairs / (2 * normal.length * anomalous.length);
}
