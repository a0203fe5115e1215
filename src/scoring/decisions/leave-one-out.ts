import { checkOptions } from "../../core/options.js";
import type { Features } from "../../extractors/features.js";
import { NeighborIndex } from "../../neighbors/neighbor-index.js";
import type { ScoreOptions } from "../../neighbors/neighbor-table.js";
import { Calibration } from "./calibration.js";

/**
 * A calibration by the training images themselves: the score of each among all others.
 *
 * @param train - features of normal training images
 * @param options - k (default 2), distance and statistic as in the scores to be judged; `signal` aborts
 * @returns the calibration
 * @throws RangeError when k is not below the number of training images
 * @throws Aborted when interrupted
 */
export async function calibrateByLeavingOneOut(
  train: Features,
  options: ScoreOptions & { readonly k?: number; readonly signal?: AbortSignal } = {},
): Promise<Calibration> {
  checkOptions("calibrateByLeavingOneOut", options, ["k", "distance", "statistic", "signal"]);
  const { k = 2, signal, ...scoring } = options;
  const table = await new NeighborIndex(train).search(train, k, { excludeSelf: true, signal });
  return new Calibration(table.scores(k, scoring).values, { source: "leave-one-out" });
}
