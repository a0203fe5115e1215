import { checkOptions } from "../core/options.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import type { DistanceKind, NeighborTable, ScoreStatistic } from "../neighbors/neighbor-table.js";
import { TableExplorer } from "./explore.js";
import type { ParamInput } from "./explorer.js";
import { createModel } from "./models/create-model.js";
import { explainData } from "./models/explain/data.js";

/** Options of `explainScore`. */
export interface ExplainScoreOptions {
  /** Heading. */
  readonly title?: string;
  /** The test images, in the table's order. */
  readonly images?: ImageSet;
  /** The training images, in the order of the features that were searched. */
  readonly train?: ImageSet;
  /** Ground truth of the test images: the score is compared with those of normal images; else with all. */
  readonly isAnomaly?: AnomalyLabels;
  /** Number of nearest training images behind a score, or a Param that other explorers share. Default 2. */
  readonly k?: ParamInput;
  /** Distance of the score, or a Param. Default "squared". */
  readonly distance?: ParamInput<DistanceKind>;
  /** What is made of the k distances, or a Param. Default "mean". */
  readonly statistic?: ParamInput<ScoreStatistic>;
  /** Largest k of the slider, default all neighbors of the table. */
  readonly kMax?: number;
}

/**
 * Explains the score of one image: its nearest training images with their distances, the place of its score among those
 * of normal images, and its rank against k.
 *
 * @param table - neighbors of the test images among the training images
 * @param image - id or position of a test image
 * @param options - see ExplainScoreOptions
 * @returns the explorer, which shows itself as a cell's last line
 * @throws RangeError when there is no such image, or labels or images do not fit the table
 */
export function explainScore(
  table: NeighborTable,
  image: number | string,
  options: ExplainScoreOptions = {},
): TableExplorer {
  const keys = ["title", "images", "train", "isAnomaly", "k", "distance", "statistic", "kMax"];
  checkOptions("explainScore", options, keys);
  const { images, train, k, distance, statistic, ...rest } = options;
  const data = explainData(table, image, { ...rest, test: images, train });
  return new TableExplorer({
    data,
    model: createModel(data),
    images: { test: images, train },
    start: { k, distance, statistic },
  });
}
