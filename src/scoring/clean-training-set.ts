import { checkOptions, integerIn } from "../core/options.js";
import type { MatrixBackend } from "../engines/index.js";
import type { Features } from "../extractors/features.js";
import { NeighborIndex } from "../neighbors/neighbor-index.js";
import type { ScoreOptions } from "../neighbors/neighbor-table.js";
import type { Scores } from "../neighbors/scores.js";
import { keptAfterCleaning } from "./cleaning.js";
import { removedCount } from "./shares.js";

/** Options of `cleanTrainingSet`. */
export interface CleaningOptions extends ScoreOptions {
  /** Share of the training images to remove, from 0 to 0.99, default 0.5. */
  readonly fraction?: number;
  /** Number of neighbors behind a training image's score, default 2. */
  readonly k?: number;
  /** What multiplies matrices, default as in NeighborIndex. */
  readonly matrix?: MatrixBackend;
  /** Aborts the search. */
  readonly signal?: AbortSignal;
}

/** A training set before and after cleaning. */
export interface CleanedTrainingSet {
  /** Features of the images that stay, in their order. */
  readonly features: Features;
  /** Int32Array: rows of the images that stay, ascending. */
  readonly kept: Int32Array;
  /** Int32Array: rows of the images that were removed, ascending. */
  readonly removed: Int32Array;
  /** Score of every training image inside the training set, itself excluded. */
  readonly scores: Scores;
}

/**
 * Removes the most anomalous images of a training set that may hold anomalies: floor(fraction * n) images with the largest
 * kNN score inside the training set, each image itself excluded; of equal scores the later row goes first. No label is
 * used.
 *
 * @param train - features of the training images
 * @param options - fraction, k, distance and statistic of the score
 * @returns what stays and what was removed
 * @throws RangeError when k is not below the number of training images, or nothing would stay
 * @see Bergman, Cohen and Hoshen 2020, section 4.4
 */
export async function cleanTrainingSet(
  train: Features,
  options: CleaningOptions = {},
): Promise<CleanedTrainingSet> {
  checkOptions("cleanTrainingSet", options, ["fraction", "k", "distance", "statistic", "matrix", "signal"]);
  const { fraction = 0.5, k = 2, distance, statistic, matrix, signal } = options;
  removedCount(train.n, fraction);
  integerIn("k", k, 1, train.n - 1, "training images other than the image itself");
  const table = await new NeighborIndex(train, { matrix }).search(train, k, { excludeSelf: true, signal });
  const scores = table.scores(k, { distance, statistic });
  const stays = keptAfterCleaning(scores.values, fraction);
  const rows = Int32Array.from({ length: train.n }, (_, i) => i);
  const kept = rows.filter((i) => stays[i] === 1);
  return { features: train.subset(kept), kept, removed: rows.filter((i) => stays[i] === 0), scores };
}
