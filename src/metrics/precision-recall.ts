import { type AnomalyLabels, sortByKind } from "./labelled-scores.js";
import { type CountsFromAbove, countFromAbove } from "./roc.js";

/** Precision against recall; the first point is recall 0 with precision 1, the last recall 1. */
export interface PrecisionRecallCurve {
  /** Float64Array: share of anomalies among the images that score at least the threshold. */
  readonly precision: Float64Array;
  /** Float64Array: share of the anomalies that score at least the threshold, rising. */
  readonly recall: Float64Array;
  /** Float64Array: Infinity, then every different score, falling. */
  readonly threshold: Float64Array;
}

/**
 * The precision-recall curve with a point for every different score, anomalies being what is looked for.
 *
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - 1 or true where the image is an anomaly, 0 or false where it is normal
 * @returns precision, recall and thresholds, from the strictest threshold to the loosest
 * @throws RangeError when lengths differ, a score is NaN, or there is no anomaly or no normal image
 */
export function precisionRecallCurve(
  scores: ArrayLike<number>,
  isAnomaly: AnomalyLabels,
): PrecisionRecallCurve {
  return curveOf(countFromAbove(sortByKind("the precision-recall curve", scores, isAnomaly)));
}

/**
 * Average precision: sum over the thresholds of (R_n - R_{n-1}) P_n, without interpolation.
 *
 * Unlike ROCAUC it depends on the share of anomalies among the images; without information it equals that share.
 *
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - 1 or true where the image is an anomaly, 0 or false where it is normal
 * @returns the average precision as a fraction, 0 to 1
 * @throws RangeError when lengths differ, a score is NaN, or there is no anomaly or no normal image
 */
export function averagePrecision(scores: ArrayLike<number>, isAnomaly: AnomalyLabels): number {
  const { precision, recall } = curveOf(countFromAbove(sortByKind("average precision", scores, isAnomaly)));
  let sum = 0;
  for (let i = 1; i < recall.length; i++) sum += (recall[i] - recall[i - 1]) * precision[i];
  return sum;
}

function curveOf({ threshold, normal, anomalous }: CountsFromAbove): PrecisionRecallCurve {
  const all = anomalous[anomalous.length - 1];
  const precision = anomalous.map((count, i) => (i === 0 ? 1 : count / (count + normal[i])));
  return { precision, recall: anomalous.map((count) => count / all), threshold };
}
