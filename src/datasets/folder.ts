import { basename, resolve } from "node:path";
import { checkOptions } from "../core/options.js";
import { Random } from "../core/random.js";
import { DataSet } from "./data-set.js";
import { fileBacking } from "./file-images.js";
import { hashFiles } from "./hash.js";
import { ImageSet } from "./image-set.js";
import { listImages } from "./list-images.js";
import { compareNaturally } from "./order.js";
import { type Split, splitByClass } from "./split.js";

/** How a folder without train/ and test/ is split. */
export interface FolderOptions {
  /** Seed of the split. @default 0 */
  seed?: number;
  /** Share of the training images of each class. @default 0.8 */
  trainShare?: number;
}

interface Arrangement {
  /** Class of each file; undefined = unlabelled, null = left out. */
  readonly classOf: (path: string) => string | undefined | null;
  readonly split: (paths: readonly string[], labels: ArrayLike<number>) => Split;
  readonly note?: string;
}

/** The images of a folder as they lie there, without a split. */
export interface ImageFolder {
  /** All images in natural order; the class of each is the subfolder it is in, those in none are unlabelled. */
  readonly images: ImageSet;
  /** What was passed over, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Lists all images below a folder as one set.
 *
 * @param folder - the folder
 * @returns the images and what was passed over
 * @throws DataError when the folder holds no image
 */
export async function readFolder(folder: string): Promise<ImageFolder> {
  const { paths, notes } = await listImages(folder);
  return { images: labelled(folder, paths, firstFolder), notes };
}

/**
 * A folder of images as a data set.
 *
 * With a subfolder train/ (and test/), the subfolders of these are the classes; images directly in train/ are of the
 * class "normal". Otherwise each subfolder is a class, split by seed. Without subfolders, all images are unlabelled
 * training images.
 *
 * @param folder - the folder
 * @param options - how to split where there is no train/
 * @returns images whose ids are their paths inside the folder
 * @throws DataError when the folder holds no image
 */
export async function folderDataSet(folder: string, options: FolderOptions = {}): Promise<DataSet> {
  checkOptions("folderDataSet", options, ["seed", "trainShare"]);
  const name = basename(resolve(folder));
  const { paths, notes } = await listImages(folder);
  const arrangement = arrange(paths, options);
  const used = paths.filter((path) => arrangement.classOf(path) !== null);
  const all = labelled(folder, used, (path) => arrangement.classOf(path) ?? undefined);
  const { train, test } = arrangement.split(used, all.labels);
  const leftOut = paths.length - used.length;
  return new DataSet({
    name,
    train: all.subset(train, `${name} train`),
    test: all.subset(test, `${name} test`),
    licence: "that of the images' owner",
    citation: "none; a folder of images",
    notes: [
      ...(arrangement.note ? [arrangement.note] : []),
      ...(leftOut > 0 ? [`${leftOut} images outside of the class folders are left out`] : []),
      ...notes,
    ],
    hash: () => hashFiles(folder, used),
  });
}

function arrange(paths: readonly string[], options: FolderOptions): Arrangement {
  if (paths.some((path) => path.startsWith("train/"))) {
    const isTest = (path: string) => path.startsWith("test/");
    return {
      classOf: (path) => {
        const [split, ...rest] = path.split("/");
        if (rest.length === 0 || (split !== "train" && split !== "test")) return null;
        return rest.length > 1 ? rest[0] : split === "train" ? "normal" : undefined;
      },
      split: (used) => {
        const positions = used.map((_, i) => i);
        return {
          train: positions.filter((i) => !isTest(used[i])),
          test: positions.filter((i) => isTest(used[i])),
        };
      },
    };
  }
  if (paths.some((path) => path.includes("/"))) {
    const { seed = 0, trainShare = 0.8 } = options;
    if (!(trainShare > 0 && trainShare < 1)) {
      throw new RangeError(`trainShare must be between 0 and 1; got ${trainShare}`);
    }
    return {
      classOf: (path) => firstFolder(path) ?? null,
      split: (_, labels) => splitByClass(labels, trainShare, new Random(seed)),
      note: `split by seed ${seed}: of each class ${trainShare * 100} % of the images train, the others test`,
    };
  }
  return {
    classOf: () => undefined,
    split: (used) => ({ train: used.map((_, i) => i), test: [] }),
    note: "a folder without subfolders: all images are unlabelled training images",
  };
}

function firstFolder(path: string): string | undefined {
  const end = path.indexOf("/");
  return end < 0 ? undefined : path.slice(0, end);
}

/** Classes with a training image come first, each part in natural order. */
function labelled(folder: string, paths: string[], classOf: (path: string) => string | undefined): ImageSet {
  const classes = paths.map(classOf);
  const named = new Set(classes.filter((name): name is string => name !== undefined));
  const trained = new Set(classes.filter((_, i) => paths[i].startsWith("train/")));
  const classNames = [...named].sort(
    (a, b) => Number(trained.has(b)) - Number(trained.has(a)) || compareNaturally(a, b),
  );
  const positions = new Map(classNames.map((name, i) => [name, i]));
  const labels = Int32Array.from(classes, (name) => (name === undefined ? -1 : positions.get(name)!));
  return new ImageSet(basename(resolve(folder)), fileBacking(folder, paths, labels, classNames));
}
