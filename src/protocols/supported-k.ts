import { checkOptions, integerIn } from "../core/options.js";
import { type AnomalyLabels, compareRocAuc, rocAucIntervalsByK } from "../metrics/index.js";
import type { NeighborTable } from "../neighbors/index.js";
import type { ScoreOptions } from "../scoring/index.js";

/** Which k the test images speak for; position k - 1 of each array belongs to k. */
export interface SupportedK {
  /** The k with the largest ROCAUC. */
  readonly best: number;
  /** Every k that cannot be told from the best at the stated level, ascending. */
  readonly supported: readonly number[];
  /** Float64Array: ROCAUC as fractions. */
  readonly rocAuc: Float64Array;
  /** Float64Array: lower ends of the intervals. */
  readonly low: Float64Array;
  /** Float64Array: upper ends of the intervals. */
  readonly high: Float64Array;
  /** Float64Array: p-value of each k against the best, on the same images, times the number of other k (Bonferroni). */
  readonly pValue: Float64Array;
}

/**
 * Which k the test images support: compares every k with the best one on the same images (DeLong), corrected for their
 * number. The best k was picked on these images, so its figure is flattering and the set of supported k the honest answer.
 *
 * @param table - neighbors of the test images among the training images
 * @param isAnomaly - ground truth of the test images, in the table's order
 * @param options - `kMax`: largest k, default the table's; `level`, default 0.95; distance and statistic
 * @returns the curve with intervals, the best k and those that it cannot be told from
 * @throws RangeError as `rocAucIntervalsByK`
 */
export function supportedK(
  table: NeighborTable,
  isAnomaly: AnomalyLabels,
  options: ScoreOptions & { readonly kMax?: number; readonly level?: number } = {},
): SupportedK {
  checkOptions("supportedK", options, ["kMax", "level", "distance", "statistic"]);
  const { kMax = table.kMax, level = 0.95, ...scoring } = options;
  integerIn("kMax", kMax, 1, table.kMax, "neighbors in the table");
  const curve = rocAucIntervalsByK(table, isAnomaly, { kMax, level, ...scoring });
  const best = 1 + curve.rocAuc.indexOf(Math.max(...curve.rocAuc));
  const scoresOf = (k: number) => table.scores(k, scoring).values;
  const bestScores = scoresOf(best);
  const pValue = Float64Array.from({ length: kMax }, (_, i) =>
    i + 1 === best
      ? 1
      : Math.min(1, (kMax - 1) * compareRocAuc(bestScores, scoresOf(i + 1), isAnomaly, { level }).pValue),
  );
  const supported = Array.from(pValue.keys(), (i) => i + 1).filter((k) => pValue[k - 1] > 1 - level);
  return { ...curve, best, supported, pValue };
}
