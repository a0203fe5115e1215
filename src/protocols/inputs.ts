import { checkOptions, integerIn } from "../core/options.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { Features } from "../extractors/features.js";
import type { ScoreOptions } from "../scoring/index.js";
import { type Normalization, normalizationOf } from "./normalization.js";

/** Options of every experiment. */
export interface ProtocolOptions extends ScoreOptions {
  /** Number of neighbors, default 2. */
  readonly k?: number;
  /**
   * What is done to features first: false or "raw" (default) nothing, true or "L2" scaling to unit length, "whitened" a whitening
   * fitted to the training images of each fold and to no others. Only "raw" is the published method.
   */
  readonly normalize?: boolean | Normalization;
  /** Classes to take as the normal one in turn, default every class with training images. */
  readonly normalClasses?: readonly string[];
  /** Seed of all chance, default 0. */
  readonly seed?: number;
  /** Aborts between blocks. */
  readonly signal?: AbortSignal;
}

/** Names of the options of every experiment. */
export const protocolOptionNames = [
  "k",
  "normalize",
  "normalClasses",
  "seed",
  "signal",
  "distance",
  "statistic",
] as const;

/** A class that is taken as the normal one. */
export interface NormalClass {
  /** Its name. */
  readonly name: string;
  /** Rows of its training images. */
  readonly rows: readonly number[];
  /** For each test image 1 where it is of another class. */
  readonly isAnomaly: Uint8Array;
}

/** Checked inputs of an experiment. */
export interface ProtocolInputs {
  /** Features of the training images, scaled where asked for, not whitened. */
  readonly train: Features;
  /** Features of the test images, scaled where asked for, not whitened. */
  readonly test: Features;
  /** The training images. */
  readonly trainImages: ImageSet;
  /** The test images. */
  readonly testImages: ImageSet;
  /** Classes to take as the normal one in turn. */
  readonly classes: readonly NormalClass[];
  /** What is done to features; a whitening is left to the experiment, which knows its training images. */
  readonly normalization: Normalization;
  /** Number of neighbors. */
  readonly k: number;
  /** Seed of all chance. */
  readonly seed: number;
  /** Distance and statistic of the score. */
  readonly scoring: ScoreOptions;
  /** Aborts between blocks. */
  readonly signal?: AbortSignal;
}

/**
 * Checks what an experiment is given.
 *
 * @param experiment - name of the experiment, for messages
 * @param train - features of the training images, with their images
 * @param test - features of the test images, with their images
 * @param options - options of the experiment
 * @param ownOptions - names of the options that this experiment has beside those of all
 * @returns the inputs
 * @throws TypeError for unknown options and features without images
 * @throws RangeError when there is no class, a class is unknown or has no training image, or k exceeds a class's training images
 */
export function protocolInputs(
  experiment: string,
  train: Features,
  test: Features,
  options: ProtocolOptions,
  ownOptions: readonly string[] = [],
): ProtocolInputs {
  checkOptions(experiment, options, [...protocolOptionNames, ...ownOptions]);
  const { k = 2, normalize, seed = 0, signal, distance, statistic } = options;
  const normalization = normalizationOf(normalize);
  const trainImages = imagesOf(train, experiment, "training");
  const testImages = imagesOf(test, experiment, "test");
  const counts = trainImages.classCounts();
  const names = options.normalClasses ?? trainImages.classNames.filter((_, c) => counts[c] > 0);
  if (names.length === 0) {
    throw new RangeError(
      `the ${experiment} experiment needs training images with classes; ${trainImages.name} has none: put them in one subfolder a class`,
    );
  }
  const classes = names.map((name) => {
    const isAnomaly = testImages.isAnomaly(name);
    const label = trainImages.classNames.indexOf(name);
    const rows = Array.from(trainImages.labels.keys()).filter((i) => trainImages.labels[i] === label);
    if (rows.length === 0) {
      const known = trainImages.classNames.filter((_, c) => counts[c] > 0).join(", ");
      throw new RangeError(
        `a normal class must have training images; ${name} of ${trainImages.name} has none: choose from ${known}`,
      );
    }
    integerIn("k", k, 1, rows.length, `training images of ${name}`);
    return { name, rows, isAnomaly };
  });
  return {
    train: normalization === "L2" ? train.normalized() : train,
    test: normalization === "L2" ? test.normalized() : test,
    trainImages,
    testImages,
    classes,
    normalization,
    k,
    seed,
    scoring: { distance, statistic },
    signal,
  };
}

function imagesOf(features: Features, experiment: string, what: string): ImageSet {
  if (features.images) return features.images;
  throw new TypeError(
    `the ${experiment} experiment needs the classes of the ${what} images; these features have no images: extract them with an Extractor, or give images to Features.fromRows`,
  );
}
