import { checkOptions } from "../core/options.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { Features } from "../extractors/features.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import type { DistanceKind, ScoreStatistic } from "../neighbors/neighbor-table.js";
import type { Pooling } from "../scoring/groups.js";
import { TableExplorer } from "./explore.js";
import type { ParamInput } from "./explorer.js";
import { createModel } from "./models/create-model.js";
import { groupsData } from "./models/groups/data.js";

/** Options of `exploreGroups`. */
export interface ExploreGroupsOptions {
  /** Heading. */
  readonly title?: string;
  /** The test images, default those of the features: gives the galleries. */
  readonly images?: ImageSet;
  /** The training images, default those of the features. */
  readonly train?: ImageSet;
  /** Images a group, or a Param. Default 4. */
  readonly size?: ParamInput;
  /** How a group's features become one vector, or a Param. Default "mean". */
  readonly pooling?: ParamInput<Pooling>;
  /** Number of nearest reference groups behind a score, or a Param. Default 2. */
  readonly k?: ParamInput;
  /** Distance of the score, or a Param. Default "squared". */
  readonly distance?: ParamInput<DistanceKind>;
  /** What is made of the k distances, or a Param. Default "mean". */
  readonly statistic?: ParamInput<ScoreStatistic>;
  /** Share of the groups that are called anomalous, from 0 to 1, or a Param. Default: 5 % false alarms. */
  readonly called?: ParamInput;
  /** Largest group, from 2 to 20, default 8 or as many as images or classes allow. */
  readonly maxSize?: number;
  /** Reference groups, normal and anomalous test groups of each size, default 300. */
  readonly count?: number;
  /** Share of anomalies in an anomalous group, at least one image; above 0 and at most 1, default 0.5. */
  readonly share?: number;
  /** Ways of pooling, default all. */
  readonly poolings?: readonly Pooling[];
  /** Largest k of the slider, default 5. */
  readonly kMax?: number;
  /** Level of the intervals, default 0.95. */
  readonly level?: number;
  /** Seed of the groups, default 0. */
  readonly seed?: number | string;
  /** Aborts. */
  readonly signal?: AbortSignal;
}

const dataKeys = [
  "title",
  "train",
  "maxSize",
  "count",
  "share",
  "poolings",
  "kMax",
  "level",
  "seed",
  "signal",
];
const startKeys = ["size", "pooling", "k", "distance", "statistic", "called"];

/**
 * Explores groups of images that are normal or anomalous together: move the group size and the pooling, and see ROCAUC
 * against group size, scores, false alarms and misses.
 *
 * With a ground truth a normal group has normal images only and an anomalous one a share of anomalies. Without it the
 * published rule holds: a normal group has one image of each of as many classes, an anomalous one as many images drawn
 * from these classes together; that needs features with labelled images.
 *
 * @param train - features of the training images
 * @param test - features of the test images
 * @param isAnomaly - ground truth of the test images; undefined = the published rule
 * @param options - see ExploreGroupsOptions
 * @returns the explorer, which shows itself as a cell's last line
 * @throws RangeError when labels do not fit, there are too few images or classes, or an option is out of range
 * @throws Aborted when interrupted
 * @see Bergman, Cohen and Hoshen 2020, section 4.3
 */
export async function exploreGroups(
  train: Features,
  test: Features,
  isAnomaly?: AnomalyLabels,
  options: ExploreGroupsOptions = {},
): Promise<TableExplorer> {
  checkOptions("exploreGroups", options, [...dataKeys, ...startKeys, "images"]);
  const { images, size, pooling, k, distance, statistic, called, ...rest } = options;
  const data = await groupsData(train, test, isAnomaly, { ...rest, test: images });
  return new TableExplorer({
    data,
    model: createModel(data),
    images: { test: images ?? test.images, train: options.train ?? train.images },
    start: { size, pooling, k, distance, statistic, called },
  });
}
