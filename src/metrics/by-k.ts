import { checkOptions, integerIn } from "../core/options.js";
import type { NeighborTable, ScoreOptions } from "../neighbors/neighbor-table.js";
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
