import { checkOptions, integerIn } from "../core/options.js";
import type { NeighborTable, ScoreOptions } from "../neighbors/neighbor-table.js";
import { type IntervalOptions, rocAucInterval } from "./delong.js";
import type { AnomalyLabels } from "./labelled-scores.js";
import { rocAuc } from "./roc.js";

/**
 * ROCAUC for every k from 1 on, all from one table.
 *
 * @param table - neighbors of the test images among the training images
 * @param isAnomaly - ground truth of the test images, in the table's order
 * @param options - distance and statistic as in `NeighborTable.scores`; `kMax`: largest k, default the table's
 * @returns Float64Array of kMax areas as fractions; position k - 1 belongs to k
 * @throws RangeError when kMax exceeds the table's, or ROCAUC is undefined
 */
export function rocAucByK(
  table: NeighborTable,
  isAnomaly: AnomalyLabels,
  options: ScoreOptions & { readonly kMax?: number } = {},
): Float64Array {
  checkOptions("rocAucByK", options, ["distance", "statistic", "kMax"]);
  const { kMax = table.kMax, ...scoring } = options;
  integerIn("kMax", kMax, 1, table.kMax, "neighbors in the table");
  return Float64Array.from({ length: kMax }, (_, i) =>
    rocAuc(table.scores(i + 1, scoring).values, isAnomaly),
  );
}

/** ROCAUC for every k from 1 on with its interval; position k - 1 belongs to k. */
export interface RocAucIntervals {
  /** Float64Array: the areas as fractions. */
  readonly rocAuc: Float64Array;
  /** Float64Array: lower ends of the intervals. */
  readonly low: Float64Array;
  /** Float64Array: upper ends of the intervals. */
  readonly high: Float64Array;
}

/**
 * ROCAUC with DeLong's interval for every k from 1 on, all from one table.
 *
 * Each interval holds for its k alone: picking the best k of the curve makes its area look better than it is.
 *
 * @param table - neighbors of the test images among the training images
 * @param isAnomaly - ground truth of the test images, in the table's order
 * @param options - as in `rocAucByK`; `level`: that of the intervals, default 0.95
 * @returns areas and ends of the intervals
 * @throws RangeError as `rocAucByK` and `rocAucInterval`
 */
export function rocAucIntervalsByK(
  table: NeighborTable,
  isAnomaly: AnomalyLabels,
  options: ScoreOptions & IntervalOptions & { readonly kMax?: number } = {},
): RocAucIntervals {
  checkOptions("rocAucIntervalsByK", options, ["distance", "statistic", "kMax", "level"]);
  const { kMax = table.kMax, level = 0.95, ...scoring } = options;
  integerIn("kMax", kMax, 1, table.kMax, "neighbors in the table");
  const found = Array.from({ length: kMax }, (_, i) =>
    rocAucInterval(table.scores(i + 1, scoring).values, isAnomaly, { level }),
  );
  const pick = (key: "rocAuc" | "low" | "high") => Float64Array.from(found, (interval) => interval[key]);
  return { rocAuc: pick("rocAuc"), low: pick("low"), high: pick("high") };
}
