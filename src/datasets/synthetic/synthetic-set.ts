import { checkOptions, integerIn } from "../../core/options.js";
import { DataSet } from "../data-set.js";
import { ImageSet } from "../image-set.js";
import { anomalyKinds, drawPicture, normalKinds } from "./draw.js";
import { drawnBacking, hashPixels } from "./drawn-images.js";

/** How many pictures of which size the synthetic data set has. */
export interface SyntheticOptions {
  /** Seed of all pictures. @default 0 */
  seed?: number;
  /** Side of the pictures in pixels, 16 to 512. @default 64 */
  size?: number;
  /** Training pictures of each normal kind. @default 100 */
  train?: number;
  /** Test pictures of each normal kind. @default 25 */
  testNormal?: number;
  /** Test pictures of each anomaly kind. @default 20 */
  testAnomaly?: number;
}

const classNames = [...normalKinds, ...anomalyKinds];

/**
 * The project's own data: pictures that look like stained white blood cells under a microscope, drawn when needed.
 *
 * Four normal kinds train and test; five kinds of anomalies only test. A picture depends on seed, split, kind and its
 * number in the kind alone, so a larger set begins with the pictures of a smaller one.
 *
 * @param options - how many pictures, their size and seed
 * @returns RGB images; ids are "train/round nucleus/0" and so on
 * @throws RangeError when a number is out of range
 */
export function syntheticDataSet(options: SyntheticOptions = {}): DataSet {
  checkOptions("syntheticDataSet", options, ["seed", "size", "train", "testNormal", "testAnomaly"]);
  const { seed = 0, size = 64, train = 100, testNormal = 25, testAnomaly = 20 } = options;
  integerIn("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  integerIn("size in pixels", size, 16, 512);
  const most = 1_000_000;
  const trainCounts = normalKinds.map(() => integerIn("train pictures of each kind", train, 1, most));
  const testCounts = [
    ...normalKinds.map(() => integerIn("normal test pictures of each kind", testNormal, 0, most)),
    ...anomalyKinds.map(() => integerIn("test pictures of each kind of anomaly", testAnomaly, 0, most)),
  ];
  const backing = (split: string, counts: readonly number[]) =>
    drawnBacking(split, classNames, counts, (kind, number) => ({
      image: drawPicture(kind, `${seed}/${split}/${number}`, size),
    }));
  const sets = {
    train: new ImageSet("synthetic train", backing("train", trainCounts)),
    test: new ImageSet("synthetic test", backing("test", testCounts)),
  };
  return new DataSet({
    name: "synthetic",
    ...sets,
    licence: "Apache-2.0, as the project's",
    citation: "none; drawn by dn2",
    notes: [`pictures drawn from seed ${seed}, ${size} x ${size} pixels; they only resemble blood cells`],
    hash: () => hashPixels([sets.train, sets.test]),
  });
}
