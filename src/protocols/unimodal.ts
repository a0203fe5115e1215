import { integerIn } from "../core/options.js";
import { Random } from "../core/random.js";
import type { Features } from "../extractors/features.js";
import { type ClassFigures, ClassFiguresCollector } from "./class-figures.js";
import { classTables } from "./class-tables.js";
import { type ProtocolOptions, protocolInputs } from "./inputs.js";

/** Options of experiments that give one figure a class. */
export interface ClassFigureOptions extends ProtocolOptions {
  /** Resamples behind the intervals of average precision and false positive rate, at least 100, default 500. */
  readonly replicates?: number;
}

/** Options of `unimodal`. */
export type UnimodalOptions = ClassFigureOptions;

/** ROCAUC for each choice of the normal class, as fractions. */
export type UnimodalResult = ClassFigures;

/**
 * The unimodal experiment: each class in turn is the normal one; its training images are the reference, the whole test
 * split is scored, and test images of other classes are the anomalies.
 *
 * @param train - features of the training images, with their images
 * @param test - features of the test images, with their images
 * @param options - k, distance, normalisation, classes, seed and resamples of the bootstrap
 * @returns ROCAUC, average precision and false positive rate for each class with intervals, and the mean ROCAUC
 * @throws RangeError when k exceeds a class's training images, or the test images lack normal ones or anomalies
 * @throws Aborted when interrupted
 * @see Bergman, Cohen and Hoshen 2020, section 4.1
 */
export async function unimodal(
  train: Features,
  test: Features,
  options: UnimodalOptions = {},
): Promise<UnimodalResult> {
  const inputs = protocolInputs("unimodal", train, test, options, ["replicates"]);
  const replicates = integerIn("replicates", options.replicates ?? 500, 100, 1_000_000);
  const { k, scoring, seed, signal, testImages } = inputs;
  const figures = new ClassFiguresCollector(testImages.labels, new Random(seed), replicates, signal);
  for (const { name, rows, table, isAnomaly } of await classTables(inputs, k)) {
    await figures.add(name, rows.length, table.scores(k, scoring).values, isAnomaly);
  }
  return figures.figures();
}
