import { checkOptions, integerIn } from "../../core/options.js";
import { DataSet } from "../data-set.js";
import { ImageSet } from "../image-set.js";
import { defectKinds, drawFlawed } from "./draw.js";
import { drawnBacking, hashPixels } from "./drawn-images.js";

/** How many pictures of which size the set of defects has. */
export interface DefectOptions {
  /** Seed of all pictures. @default 0 */
  seed?: number;
  /** Side of the pictures in pixels, 16 to 512. @default 64 */
  size?: number;
  /** Training pictures, none with a defect. @default 200 */
  train?: number;
  /** Test pictures without a defect. @default 60 */
  testNormal?: number;
  /** Test pictures of each kind of defect. @default 20 */
  testDefect?: number;
}

const good = "good";
const classNames = [good, ...defectKinds];

/**
 * Drawn pictures of cells of four kinds, all "good", and test pictures with a defect of known place: a scratch, a spot of another
 * color, or a part of the cell that is missing. `test.mask(i)` says where, so that heatmaps can be judged pixel by pixel.
 *
 * @param options - how many pictures, their size and seed
 * @returns RGB images; ids are "train/good/0" and so on
 * @throws RangeError when a number is out of range
 */
export function syntheticDefects(options: DefectOptions = {}): DataSet {
  checkOptions("syntheticDefects", options, ["seed", "size", "train", "testNormal", "testDefect"]);
  const { seed = 0, size = 64, train = 200, testNormal = 60, testDefect = 20 } = options;
  integerIn("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  integerIn("size in pixels", size, 16, 512);
  const most = 1_000_000;
  const trainCounts = [integerIn("train pictures", train, 1, most), ...defectKinds.map(() => 0)];
  const testCounts = [
    integerIn("test pictures without a defect", testNormal, 0, most),
    ...defectKinds.map(() => integerIn("test pictures of each kind of defect", testDefect, 0, most)),
  ];
  const backing = (split: string, counts: readonly number[]) =>
    drawnBacking(split, classNames, counts, (kind, number) =>
      drawFlawed(`${seed}/${split}/${kind}/${number}`, size, kind === good ? undefined : kind),
    );
  const sets = {
    train: new ImageSet("synthetic-defects train", backing("train", trainCounts)),
    test: new ImageSet("synthetic-defects test", backing("test", testCounts)),
  };
  return new DataSet({
    name: "synthetic-defects",
    ...sets,
    licence: "Apache-2.0, as the project's",
    citation: "none; drawn by dn2",
    notes: [
      `pictures and defects drawn from seed ${seed}, ${size} x ${size} pixels; they only resemble blood cells`,
    ],
    hash: () => hashPixels([sets.train, sets.test]),
  });
}
