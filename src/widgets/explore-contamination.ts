import { checkOptions } from "../core/options.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { Features } from "../extractors/features.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import type { ContaminationPool } from "../scoring/contamination.js";
import { TableExplorer } from "./explore.js";
import type { ParamInput } from "./explorer.js";
import { contaminationData } from "./models/contamination/data.js";
import { createModel } from "./models/create-model.js";

/** Options of `exploreContamination`. */
export interface ExploreContaminationOptions {
  /** Heading. */
  readonly title?: string;
  /** The images of the pool, default those of its features: gives the galleries. */
  readonly train?: ImageSet;
  /** Contamination rate = anomalies / all training images, or a Param. Default 0.1. */
  readonly rate?: ParamInput;
  /** Share of the training images that cleaning removes, or a Param. Default 0.5. */
  readonly cleaned?: ParamInput;
  /** Number of nearest training images behind a score, in cleaning too, or a Param. Default 2. */
  readonly k?: ParamInput;
  /** Largest k of the slider, default 5. */
  readonly kMax?: number;
  /** Distance between contamination rates of the slider, default about a tenth of the pool's largest. */
  readonly rateStep?: number;
  /** Distance between cleaned fractions of the slider, from 0 to 0.9; default 0.1. */
  readonly cleanedStep?: number;
  /** Level of the intervals, default 0.95. */
  readonly level?: number;
  /** Aborts the search. */
  readonly signal?: AbortSignal;
}

const dataKeys = ["title", "train", "kMax", "rateStep", "cleanedStep", "level", "signal"];

/**
 * Explores what anomalies among the training images do, and what cleaning mends: move the contamination rate and the
 * cleaned fraction, and see ROCAUC with and without cleaning, and which anomalies and normal images were removed. One
 * search in the whole pool answers every move, through masks.
 *
 * @param pool - normal training images and the anomalies to mix among them
 * @param test - features of the test images
 * @param isAnomaly - ground truth of the test images
 * @param options - see ExploreContaminationOptions
 * @returns the explorer, which shows itself as a cell's last line
 * @throws RangeError when the pool has no anomaly, labels do not fit, or an option is out of range
 * @throws Aborted when interrupted
 * @see Bergman, Cohen and Hoshen 2020, section 4.4
 */
export async function exploreContamination(
  pool: ContaminationPool,
  test: Features,
  isAnomaly: AnomalyLabels,
  options: ExploreContaminationOptions = {},
): Promise<TableExplorer> {
  checkOptions("exploreContamination", options, [...dataKeys, "rate", "cleaned", "k"]);
  const { rate, cleaned, k, ...rest } = options;
  const data = await contaminationData(pool, test, isAnomaly, rest);
  return new TableExplorer({
    data,
    model: createModel(data),
    images: { train: options.train ?? pool.features.images },
    start: { rate, cleaned, k },
  });
}
