import { existsSync } from "node:fs";
import { didYouMean } from "../core/closest-name.js";
import { checkOptions } from "../core/options.js";
import { isFolder } from "../core/what-is-there.js";
import { readCifar10, readCifar100 } from "./cifar.js";
import type { DataSet } from "./data-set.js";
import { readFashionMnist } from "./fashion-mnist.js";
import { entryNamed, readCatalog } from "./fetch/catalog.js";
import { findOriginal } from "./find.js";
import { folderDataSet } from "./folder.js";
import { syntheticDefects } from "./synthetic/defect-set.js";
import { syntheticDataSet } from "./synthetic/synthetic-set.js";
import { syntheticVocFolder } from "./synthetic/voc-folder.js";
import { findVocFolder } from "./voc/layout.js";
import { readVoc } from "./voc/voc.js";
import { readWbc } from "./wbc.js";

/** How to load a data set. */
export interface LoadOptions {
  /** How many training images of each class to take, the first in file order. @default all */
  limitTrain?: number;
  /** How many test images of each class to take, the first in file order. @default all */
  limitTest?: number;
  /** For cifar100: the 100 fine classes instead of the 20 coarse ones. @default false */
  fine?: boolean;
  /** Seed of the synthetic pictures, and of the split of a folder without train/ and test/. @default 0 */
  seed?: number;
}

type Loader = (options: LoadOptions) => Promise<DataSet>;

const loaders: Record<string, Loader> = {
  synthetic: async ({ seed }) => syntheticDataSet({ seed }),
  "synthetic-defects": async ({ seed }) => syntheticDefects({ seed }),
  "synthetic-voc": async ({ seed }) =>
    readVoc(await syntheticVocFolder({ seed }), {
      name: "synthetic-voc",
      licence: "Apache-2.0, as the project's",
      citation: "none; drawn by dn2",
    }),
  wbc: () =>
    readWbc(
      findOriginal({
        name: "wbc",
        candidates: ["wbc", "segmentation_WBC*"],
        remedy:
          "the folder of the repository (published at https://github.com/zxaoyou/segmentation_WBC) as wbc",
      }),
    ),
  cifar10: () =>
    readCifar10(
      findOriginal({
        name: "cifar10",
        candidates: ["cifar-10-binary.tar.gz", "cifar-10-batches-bin", "cifar-10-binary-subset.tar.gz"],
        remedy: "cifar-10-binary.tar.gz (published at https://www.cs.toronto.edu/~kriz/cifar.html)",
      }),
    ),
  cifar100: ({ fine }) =>
    readCifar100(
      findOriginal({
        name: "cifar100",
        candidates: ["cifar-100-binary.tar.gz", "cifar-100-binary", "cifar-100-binary-subset.tar.gz"],
        remedy: "cifar-100-binary.tar.gz (published at https://www.cs.toronto.edu/~kriz/cifar.html)",
      }),
      { fine },
    ),
  "fashion-mnist": () =>
    readFashionMnist(
      findOriginal({
        name: "fashion-mnist",
        candidates: ["fashion-mnist", "FashionMNIST/raw"],
        remedy:
          "a folder fashion-mnist with the four *-ubyte.gz files (published at https://github.com/zalandoresearch/fashion-mnist)",
      }),
    ),
  dior: async ({ seed }) =>
    readVocNamed("dior", {
      candidates: ["DIOR", "dior"],
      remedy:
        "JPEGImages, Annotations and ImageSets (published at https://gcheng-nwpu.github.io/#Datasets) in a folder DIOR",
      seed,
    }),
  bccd: async ({ seed }) =>
    readVocNamed("bccd", {
      candidates: ["bccd", "BCCD", "BCCD_Dataset*"],
      remedy: "the folder of the repository (published at https://github.com/Shenggan/BCCD_Dataset) as bccd",
      seed,
    }),
};

async function readVocNamed(
  name: string,
  { candidates, remedy, seed }: { candidates: readonly string[]; remedy: string; seed?: number },
): Promise<DataSet> {
  const folder = findOriginal({ name, candidates, remedy });
  const { licence, citation } = entryNamed(name, readCatalog());
  return readVoc(findVocFolder(folder) ?? folder, { seed, name, licence, citation });
}

/** @returns names of the data sets that `loadDataSet` knows, beside folders */
export function dataSetNames(): string[] {
  return Object.keys(loaders);
}

/**
 * Loads a data set by name from the data folders, or a folder of images.
 *
 * @param nameOrFolder - one of `dataSetNames()`, or the path of a folder of images
 * @param options - limits and variants
 * @returns training and test images; pixels of files are read when they are needed
 * @throws RangeError listing the valid names when there is neither such a name nor such a folder
 * @throws DataError when the set is not in the data folders, or not what it should be
 */
export async function loadDataSet(nameOrFolder: string, options: LoadOptions = {}): Promise<DataSet> {
  checkOptions("loadDataSet", options, ["limitTrain", "limitTest", "fine", "seed"]);
  if (options.fine && nameOrFolder !== "cifar100") {
    throw new TypeError(`fine is an option of the data set cifar100 only; leave it out for ${nameOrFolder}`);
  }
  const load = Object.hasOwn(loaders, nameOrFolder) ? loaders[nameOrFolder] : folderLoader(nameOrFolder);
  const data = await load(options);
  return data.limited({ train: options.limitTrain, test: options.limitTest });
}

function folderLoader(path: string): Loader {
  if (!isFolder(path)) {
    const names = dataSetNames().join(", ");
    if (existsSync(path)) {
      throw new RangeError(
        `${path} must be a folder of images; it is a file: unpack it where it is an archive`,
      );
    }
    throw new RangeError(
      `unknown data set: ${path}${didYouMean(path, dataSetNames())}; choose from ${names}, or name a folder of images that exists`,
    );
  }
  const voc = findVocFolder(path);
  return ({ seed }) => (voc ? readVoc(voc, { seed }) : folderDataSet(path, { seed }));
}
