import { checkOptions } from "../core/options.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { Features } from "../extractors/features.js";
import { rocAuc } from "../metrics/index.js";
import { NeighborIndex } from "../neighbors/index.js";
import type { ScoreOptions } from "../scoring/index.js";

/** Options of `unimodal`. */
export interface UnimodalOptions extends ScoreOptions {
  /** Number of neighbors, default 2. */
  k?: number;
  /** Scale features to unit length first, default false; not part of the published method. */
  normalize?: boolean;
  /** Classes to take as the normal one in turn, default every class with training images. */
  normalClasses?: readonly string[];
  /** Aborts between blocks. */
  signal?: AbortSignal;
}

/** Outcome of one choice of the normal class. */
export interface ClassResult {
  /** The normal class. */
  readonly class: string;
  /** ROCAUC as a fraction. */
  readonly value: number;
  /** Number of training images of the class. */
  readonly trainImages: number;
  /** Number of test images of the class. */
  readonly normalTestImages: number;
  /** Number of test images of other classes. */
  readonly anomalousTestImages: number;
}

/** ROCAUC for each choice of the normal class, as fractions. */
export interface UnimodalResult {
  /** Mean over the classes. */
  readonly mean: number;
  /** One entry a class, in the order of the class names. */
  readonly perClass: readonly ClassResult[];
}

/**
 * The unimodal experiment: each class in turn is the normal one; its training images are the reference, the whole test
 * split is scored, and test images of other classes are the anomalies.
 *
 * @param train - features of the training images, with their images
 * @param test - features of the test images, with their images
 * @param options - k, distance, normalisation, classes
 * @returns ROCAUC for each class and their mean
 * @throws RangeError when k exceeds a class's training images, or the test images lack normal ones or anomalies
 * @see Bergman, Cohen and Hoshen 2020, section 4.1
 */
export async function unimodal(
  train: Features,
  test: Features,
  options: UnimodalOptions = {},
): Promise<UnimodalResult> {
  checkOptions("unimodal", options, ["k", "normalize", "normalClasses", "signal", "distance", "statistic"]);
  const { k = 2, normalize = false, signal, distance, statistic } = options;
  const trainImages = imagesOf(train, "training");
  const testImages = imagesOf(test, "test");
  const queries = normalize ? test.normalized() : test;
  const counts = trainImages.classCounts();
  const classes = options.normalClasses ?? trainImages.classNames.filter((_, c) => counts[c] > 0);
  if (classes.length === 0) {
    throw new RangeError(
      `the unimodal experiment needs training images with classes; ${trainImages.name} has none: put them in one subfolder a class`,
    );
  }
  const perClass: ClassResult[] = [];
  for (const normalClass of classes) {
    const isAnomaly = testImages.isAnomaly(normalClass);
    const rows = rowsOfClass(trainImages, normalClass);
    const reference = train.subset(rows);
    const index = new NeighborIndex(normalize ? reference.normalized() : reference);
    const table = await index.search(queries, k, { signal });
    const anomalies = isAnomaly.reduce((sum, value) => sum + value, 0);
    perClass.push({
      class: normalClass,
      value: rocAuc(table.scores(k, { distance, statistic }).values, isAnomaly),
      trainImages: rows.length,
      normalTestImages: isAnomaly.length - anomalies,
      anomalousTestImages: anomalies,
    });
  }
  return { mean: perClass.reduce((sum, { value }) => sum + value, 0) / perClass.length, perClass };
}

function imagesOf(features: Features, what: string): ImageSet {
  if (features.images) return features.images;
  throw new TypeError(
    `the unimodal experiment needs the classes of the ${what} images; these features have no images: extract them with an Extractor, or give images to Features.fromRows`,
  );
}

function rowsOfClass(images: ImageSet, name: string): number[] {
  const label = images.classNames.indexOf(name);
  return Array.from(images.labels.keys()).filter((i) => images.labels[i] === label);
}
