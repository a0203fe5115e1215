import { integerIn } from "../core/options.js";
import { Random } from "../core/random.js";
import type { Features } from "../extractors/features.js";
import { KMeansIndex } from "../neighbors/index.js";
import { classTables } from "./class-tables.js";
import { axisValues, type CurveResult, PointCollector } from "./curves.js";
import { type ProtocolOptions, protocolInputs } from "./inputs.js";
import { whitenedBy } from "./normalization.js";

/** Options of `kMeansCenters`. */
export interface KMeansCentersOptions extends ProtocolOptions {
  /** Numbers of centers a class, default 1, 10, 50, 100, 200 as far as the classes reach. */
  readonly centers?: readonly number[];
  /** Choices of first centers, default 1. */
  readonly repeats?: number;
}

/**
 * The K-means experiment: unimodal, with a class's training images replaced by the centers of their clusters.
 *
 * @param train - features of the training images, with their images
 * @param test - features of the test images, with their images
 * @param options - numbers of centers, repetitions, k (at most the number of centers counts), distance, classes, seed
 * @returns two curves: mean ROCAUC for each number of centers, and that of all training images at the end
 * @throws RangeError when there are more centers than a class has training images, or ROCAUC is undefined
 * @throws Aborted when interrupted
 * @see Bergman, Cohen and Hoshen 2020, section 3.2
 */
export async function kMeansCenters(
  train: Features,
  test: Features,
  options: KMeansCentersOptions = {},
): Promise<CurveResult> {
  const { centers: wanted, repeats = 1, ...rest } = options;
  const inputs = protocolInputs("kmeans", train, test, rest);
  const { k, scoring, signal, testImages } = inputs;
  integerIn("repeats", repeats, 1, 10_000);
  const smallest = Math.min(...inputs.classes.map(({ rows }) => rows.length));
  const centers = axisValues(
    "centers",
    wanted ?? [1, 10, 50, 100, 200].filter((count) => count <= smallest),
    (count) => Number.isInteger(count) && count >= 1 && count <= smallest,
    `whole numbers from 1 to ${smallest} (training images of the smallest class)`,
  );
  const points = centers.map(() => new PointCollector());
  const random = new Random(inputs.seed);
  for (let r = 0; r < repeats; r++) {
    for (const { name, rows, isAnomaly } of inputs.classes) {
      const own = await whitenedBy(inputs.train.subset(rows), inputs.test, inputs.normalization, signal);
      for (const [c, count] of centers.entries()) {
        const chance = random.fork(`${name} ${count} ${r}`);
        const index = await KMeansIndex.build(own.train, count, { random: chance, signal });
        const neighbors = Math.min(k, count);
        const table = await index.search(own.test, neighbors, { signal });
        points[c].add(r, table.scores(neighbors, scoring).values, isAnomaly, testImages.labels);
      }
    }
  }
  const all = new PointCollector();
  for (const { table, isAnomaly } of await classTables(inputs, k)) {
    all.add(0, table.scores(k, scoring).values, isAnomaly, testImages.labels);
  }
  return {
    xLabel: "centers a class",
    classes: inputs.classes.map(({ name }) => name),
    repeats,
    curves: [
      { name: "K-means centers", points: points.map((point, c) => point.point(centers[c])) },
      { name: "all training images", points: [all.point("all")] },
    ],
    definitions: [
      "centers by k-means++ and at most 25 passes of Lloyd's algorithm, for each class by itself",
      ...(centers[0] < k ? [`with fewer than ${k} centers all of them are the neighbors`] : []),
    ],
  };
}
