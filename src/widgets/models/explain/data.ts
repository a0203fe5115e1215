import { checkOptions, integerIn } from "../../../core/options.js";
import type { AnomalyLabels } from "../../../metrics/labelled-scores.js";
import type { NeighborTable } from "../../../neighbors/neighbor-table.js";
import { type ExploreData, type ExploreOptions, exploreData, exploreOptionKeys } from "../explore/data.js";
import { explainTitle } from "./model.js";

/** Options of `explainData`. */
export interface ExplainOptions extends ExploreOptions {
  /** Ground truth of the test images: the score is compared with those of normal images; else with all. */
  readonly isAnomaly?: AnomalyLabels;
}

/**
 * What `explainScore` needs to know.
 *
 * @param table - neighbors of the test images among the training images
 * @param image - id or position of a test image
 * @param options - ground truth, images, largest k
 * @returns the data of a model
 * @throws RangeError when there is no such image, and as `exploreData`
 */
export function explainData(
  table: NeighborTable,
  image: number | string,
  options: ExplainOptions = {},
): ExploreData {
  checkOptions("explainScore", options, [...exploreOptionKeys, "isAnomaly"]);
  const { isAnomaly, title = explainTitle, ...rest } = options;
  const data = exploreData(table, isAnomaly, { ...rest, title });
  return { ...data, kind: "explain", image: positionOf(table, image) };
}

function positionOf(table: NeighborTable, image: number | string): number {
  if (typeof image === "number") return integerIn("position of the image", image, 0, table.n - 1);
  const i = table.queryIds.indexOf(image);
  if (i >= 0) return i;
  throw new RangeError(
    `no image of the table is called ${image}; give an id of the test images or a position`,
  );
}
