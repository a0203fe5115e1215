import type { Features } from "../extractors/features.js";
import { classTables } from "./class-tables.js";
import { axisValues, type CurveResult, PointCollector } from "./curves.js";
import { type ProtocolOptions, protocolInputs } from "./inputs.js";

/** Options of `neighborsCurve`. */
export interface NeighborsCurveOptions extends Omit<ProtocolOptions, "k"> {
  /** Numbers of neighbors, default 1, 2, 3, 5, 10, 20, 50 as far as the classes reach. */
  readonly ks?: readonly number[];
}

/**
 * The ablation over k: unimodal for several numbers of neighbors, all read off one table a class.
 *
 * @param train - features of the training images, with their images
 * @param test - features of the test images, with their images
 * @param options - numbers of neighbors, distance, normalisation, classes
 * @returns one curve: mean ROCAUC for each k, with interval
 * @throws RangeError when a k exceeds a class's training images, or ROCAUC is undefined
 * @throws Aborted when interrupted
 * @see Bergman, Cohen and Hoshen 2020, section 4.5
 */
export async function neighborsCurve(
  train: Features,
  test: Features,
  options: NeighborsCurveOptions = {},
): Promise<CurveResult> {
  const { ks: wanted, ...rest } = options;
  const inputs = protocolInputs("k", train, test, { ...rest, k: 1 });
  const smallest = Math.min(...inputs.classes.map(({ rows }) => rows.length));
  const ks = axisValues(
    "ks",
    wanted ?? [1, 2, 3, 5, 10, 20, 50].filter((k) => k <= smallest),
    (k) => Number.isInteger(k) && k >= 1 && k <= smallest,
    `whole numbers from 1 to ${smallest} (training images of the smallest class)`,
  );
  const points = ks.map(() => new PointCollector());
  for (const { table, isAnomaly } of await classTables(inputs, ks[ks.length - 1])) {
    ks.forEach((k, i) => {
      points[i].add(0, table.scores(k, inputs.scoring).values, isAnomaly, inputs.testImages.labels);
    });
  }
  return {
    xLabel: "k, the number of neighbors",
    classes: inputs.classes.map(({ name }) => name),
    repeats: 1,
    curves: [{ name: "DN2", points: points.map((point, i) => point.point(ks[i])) }],
    definitions: [
      "each interval holds for its k alone; picking the best k of the curve makes its figure look better than it is",
    ],
  };
}
