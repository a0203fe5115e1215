import { checkOptions } from "../core/options.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import type { DistanceKind, NeighborTable, ScoreStatistic } from "../neighbors/neighbor-table.js";
import { Explorer, type ParamInput } from "./explorer.js";
import { createModel } from "./models/create-model.js";
import { exploreData } from "./models/explore/data.js";
import type { Param } from "./param.js";

/** Options of `explore`. */
export interface ExploreOptions {
  /** Heading. */
  readonly title?: string;
  /** The test images, in the table's order: gives the galleries. */
  readonly images?: ImageSet;
  /** The training images, in the order of the features that were searched: shown as neighbors of a chosen image. */
  readonly train?: ImageSet;
  /** Number of nearest training images behind a score, or a Param that other explorers share. Default 2. */
  readonly k?: ParamInput;
  /** Distance of the score, or a Param. Default "squared". */
  readonly distance?: ParamInput<DistanceKind>;
  /** What is made of the k distances, or a Param. Default "mean". */
  readonly statistic?: ParamInput<ScoreStatistic>;
  /** Share of the images that are called anomalous, from 0 to 1, or a Param. Default: 5 % false alarms. */
  readonly called?: ParamInput;
  /** Largest k of the slider, default all neighbors of the table. */
  readonly kMax?: number;
  /** Level of the intervals, default 0.95. */
  readonly level?: number;
}

/** An explorer with a control for k. */
export class TableExplorer extends Explorer {
  /** The number of nearest training images behind a score. */
  get k(): Param {
    return this.param("k") as unknown as Param;
  }
}

/**
 * Explores a table of neighbors: move k, the distance and the threshold, and see ROC curve, scores, ROCAUC against k,
 * false alarms and misses follow. Every move is answered in the page from the table, also while a cell computes; a
 * click on an image explains its score.
 *
 * @param table - neighbors of the test images among the training images
 * @param isAnomaly - ground truth of the test images; without it scores and galleries are shown only
 * @param options - see ExploreOptions
 * @returns the explorer, which shows itself as a cell's last line
 * @throws RangeError when labels or images do not fit the table, or an option is out of range
 */
export function explore(
  table: NeighborTable,
  isAnomaly?: AnomalyLabels,
  options: ExploreOptions = {},
): TableExplorer {
  const keys = ["title", "images", "train", "k", "distance", "statistic", "called", "kMax", "level"];
  checkOptions("explore", options, keys);
  const { images, train, k, distance, statistic, called, ...rest } = options;
  const data = exploreData(table, isAnomaly, { ...rest, test: images, train });
  return new TableExplorer({
    data,
    model: createModel(data),
    images: { test: images, train },
    start: { k, distance, statistic, called },
  });
}
