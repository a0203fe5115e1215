import { checkOptions } from "../core/options.js";
import { type AnomalyLabels, sortByKind } from "./labelled-scores.js";
import { countFromAbove } from "./roc.js";

/** Options of `falsePositiveRateAt`. */
export interface FalsePositiveRateOptions {
  /** Share of the anomalies to find, above 0 and at most 1. Default 0.95. */
  readonly truePositiveRate?: number;
}

/**
 * The share of normal images that score at least the strictest threshold at which a given share of the anomalies is found
 * ("FPR at 95 % TPR"). Nothing is interpolated.
 *
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - 1 or true where the image is an anomaly, 0 or false where it is normal
 * @param options - share of the anomalies to find
 * @returns the false positive rate as a fraction, 0 to 1; smaller is better
 * @throws RangeError when lengths differ, a score is NaN, a kind is missing, or the share is out of range
 */
export function falsePositiveRateAt(
  scores: ArrayLike<number>,
  isAnomaly: AnomalyLabels,
  options: FalsePositiveRateOptions = {},
): number {
  checkOptions("falsePositiveRateAt", options, ["truePositiveRate"]);
  const wanted = requireTruePositiveRate(options.truePositiveRate ?? 0.95);
  const { normal, anomalous } = countFromAbove(sortByKind("the false positive rate", scores, isAnomaly));
  const last = anomalous.length - 1;
  const at = anomalous.findIndex((count) => reaches(count, anomalous[last], wanted));
  return normal[at] / normal[last];
}

/**
 * @param share - share of the anomalies to find, as received
 * @returns the share
 * @throws RangeError when it is not above 0 and at most 1
 */
export function requireTruePositiveRate(share: number): number {
  if (share > 0 && share <= 1) return share;
  throw new RangeError(`truePositiveRate must be above 0 and at most 1, for example 0.95; got ${share}`);
}

/**
 * @param found - number of anomalies found
 * @param all - number of anomalies
 * @param share - share to find
 * @returns whether the share is found, also where share x all is a whole number that rounding puts a little above it
 */
export function reaches(found: number, all: number, share: number): boolean {
  return found >= share * all - 1e-9;
}
