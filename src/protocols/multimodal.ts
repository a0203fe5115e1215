import { integerIn } from "../core/options.js";
import { Random } from "../core/random.js";
import type { Features } from "../extractors/features.js";
import { NeighborIndex, type NeighborTable } from "../neighbors/index.js";
import { type ClassFigures, ClassFiguresCollector } from "./class-figures.js";
import { classTables, mergeTables } from "./class-tables.js";
import { type NormalClass, type ProtocolInputs, protocolInputs } from "./inputs.js";
import { whitenedBy } from "./normalization.js";
import type { ClassFigureOptions } from "./unimodal.js";

/**
 * The multimodal experiment: each class in turn is left out; the training images of all other classes together are the
 * reference, without their labels, and test images of the left-out class are the anomalies.
 *
 * Every class is searched once and the left-out class is skipped while the tables are merged; whitened features are others for
 * every left-out class, and searched for each.
 *
 * @param train - features of the training images, with their images
 * @param test - features of the test images, with their images
 * @param options - k, distance, normalisation; `normalClasses`: the classes to leave out in turn, default all
 * @returns ROCAUC, average precision and false positive rate for each left-out class with intervals, and the mean ROCAUC
 * @throws RangeError when there are fewer than two classes, k exceeds a class's training images, or the test images lack
 * normal ones or anomalies
 * @throws Aborted when interrupted
 * @see Bergman, Cohen and Hoshen 2020, section 4.2
 */
export async function multimodal(
  train: Features,
  test: Features,
  options: ClassFigureOptions = {},
): Promise<ClassFigures> {
  const { normalClasses: wanted, ...rest } = options;
  const inputs = protocolInputs("multimodal", train, test, rest, ["replicates"]);
  const replicates = integerIn("replicates", options.replicates ?? 500, 100, 1_000_000);
  const { k, scoring, seed, signal, testImages, classes } = inputs;
  if (classes.length < 2) {
    throw new RangeError(
      `the multimodal experiment leaves one class out and needs another to train on; got ${classes.length} class with training images`,
    );
  }
  for (const name of wanted ?? []) testImages.isAnomaly(name);
  const tables = inputs.normalization === "whitened" ? [] : await classTables(inputs, k);
  const figures = new ClassFiguresCollector(testImages.labels, new Random(seed), replicates, signal);
  for (const { name, isAnomaly } of classes) {
    if (wanted && !wanted.includes(name)) continue;
    const others = classes.filter((one) => one.name !== name);
    const trainImages = others.reduce((sum, { rows }) => sum + rows.length, 0);
    const table =
      inputs.normalization === "whitened"
        ? await whitenedTable(inputs, others)
        : mergeTables(
            tables.filter((one) => one.name !== name),
            k,
            train.ids,
          );
    const isLeftOut = isAnomaly.map((value) => 1 - value);
    await figures.add(name, trainImages, table.scores(k, scoring).values, isLeftOut);
  }
  return figures.figures();
}

async function whitenedTable(
  { train, test, normalization, k, signal }: ProtocolInputs,
  others: readonly NormalClass[],
): Promise<NeighborTable> {
  const rows = others.flatMap((one) => one.rows).sort((a, b) => a - b);
  const own = await whitenedBy(train.subset(rows), test, normalization, signal);
  return new NeighborIndex(own.train).search(own.test, k, { signal });
}
