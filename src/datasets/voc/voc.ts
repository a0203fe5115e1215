import { existsSync, statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { DataError } from "../../core/errors.js";
import type { Crop } from "../../core/image.js";
import { checkOptions } from "../../core/options.js";
import { checkInterrupted } from "../../core/progress.js";
import { Random } from "../../core/random.js";
import { DataSet } from "../data-set.js";
import { hashFiles } from "../hash.js";
import { ImageSet } from "../image-set.js";
import { compareNaturally } from "../order.js";
import { type Split, splitByClass } from "../split.js";
import { type AnnotatedObject, parseAnnotation } from "./annotation.js";

/** Shortest side of a box that is cropped, in pixels: the paper's rule for DIOR. */
const shortestSide = 120;
/** Side to which crops are resized, in pixels: the paper's rule for DIOR. */
const cropSize = 256;
/** A class with fewer training crops is normal in no experiment. */
const fewestTrained = 10;
const imageFolders = ["JPEGImages", "JPEGImages-trainval", "JPEGImages-test"];
const annotationFolders = ["Annotations/Horizontal Bounding Boxes", "Annotations"];

/** How a VOC-style folder without ImageSets is split. */
export interface VocOptions {
  /** Seed of the split. @default 0 */
  seed?: number;
}

/** An object to crop. */
interface Found {
  readonly picture: string;
  readonly path: string;
  readonly number: number;
  readonly name: string;
  readonly crop: Crop;
}

/** @returns whether a folder holds pictures and annotations as PASCAL VOC and DIOR arrange them */
export function isVocFolder(folder: string): boolean {
  const has = (name: string) =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() ?? false;
  return has("Annotations") && imageFolders.some(has);
}

/**
 * Reads a folder in the form of PASCAL VOC (JPEGImages, Annotations, ImageSets), as DIOR is published: every object
 * whose box has at least 120 pixels in each axis is cropped and resized to 256 x 256; its class is the object's name.
 *
 * ImageSets/Main/test.txt names the test pictures where it is there, all others train; without it the crops are split
 * by seed.
 *
 * @param folder - the folder
 * @param options - seed of the split
 * @returns crops with ids like "JPEGImages/1.jpg#0" (number of the object); pictures are decoded when they are needed
 * @throws DataError when an annotation is damaged or no object is large enough
 * @see DN2 sec. 4.1, DIOR
 */
export async function readVoc(folder: string, options: VocOptions = {}): Promise<DataSet> {
  checkOptions("readVoc", options, ["seed"]);
  const { found, counts, annotations } = await findCrops(folder);
  if (found.length === 0) {
    throw new DataError(
      `${folder} must hold an object with a box of at least ${shortestSide} pixels in each axis; it holds none`,
      folder,
    );
  }
  const { split, note } = await splitOf(folder, found, options.seed ?? 0);
  const trained = new Map<string, number>();
  for (const i of split.train) trained.set(found[i].name, (trained.get(found[i].name) ?? 0) + 1);
  const rare = [...trained].filter(([, n]) => n < fewestTrained).map(([name]) => name);
  const train = split.train.filter((i) => !rare.includes(found[i].name));
  const classNames = [...new Set(found.map(({ name }) => name))].sort(
    (a, b) => Number(rare.includes(a)) - Number(rare.includes(b)) || compareNaturally(a, b),
  );
  const name = basename(resolve(folder));
  const all = new ImageSet(name, {
    classNames,
    labels: found.map((one) => classNames.indexOf(one.name)),
    id: (i) => `${found[i].path}#${found[i].number}`,
    source: (i) => ({ kind: "file", path: join(folder, found[i].path), crop: found[i].crop }),
  });
  return new DataSet({
    name,
    train: all.subset(train, `${name} train`),
    test: all.subset(split.test, `${name} test`),
    licence: "that of the images' publisher",
    citation:
      "that of the data set; for DIOR: Li, Wan, Cheng, Meng, Han, ISPRS Journal of Photogrammetry and Remote Sensing 159, 2020",
    notes: [
      note,
      ...[...counts].map(([what, n]) => `${n} ${what}`),
      ...rare.map(
        (one) =>
          `${one} does not train: ${trained.get(one)} training crops, at least ${fewestTrained} are required`,
      ),
    ],
    hash: () => hashFiles(folder, [...annotations, ...new Set(found.map(({ path }) => path))]),
  });
}

async function findCrops(folder: string) {
  const pictures = new Map<string, string>();
  for (const place of imageFolders.filter((one) => existsSync(join(folder, one)))) {
    for (const file of await readdir(join(folder, place))) {
      if (/\.(jpe?g|png|bmp)$/i.test(file)) pictures.set(basename(file, extname(file)), `${place}/${file}`);
    }
  }
  const place = annotationFolders.find((one) => existsSync(join(folder, one)));
  if (!place) throw new DataError(`${folder} must hold a folder Annotations; it does not`, folder);
  const files = (await readdir(join(folder, place)))
    .filter((file) => file.endsWith(".xml"))
    .sort(compareNaturally);
  const counts = new Map<string, number>();
  const count = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const found: Found[] = [];
  for (const file of files) {
    checkInterrupted();
    const picture = basename(file, ".xml");
    const path = pictures.get(picture);
    if (path === undefined) {
      count("annotations without a picture");
      continue;
    }
    const full = join(folder, place, file);
    const { size, objects } = parseAnnotation(await readFile(full, "utf8"), full);
    objects.forEach((object, number) => {
      const crop = cropOf(object, size, count);
      if (crop) found.push({ picture, path, number, name: object.name, crop });
    });
  }
  return { found, counts, annotations: files.map((file) => `${place}/${file}`) };
}

function cropOf(
  { box }: AnnotatedObject,
  size: { width: number; height: number } | undefined,
  count: (what: string) => void,
): Crop | undefined {
  const leave = (what: string) => void count(`objects left out: ${what}`);
  if (!box) return leave("no whole box");
  if (box.right <= box.left || box.bottom <= box.top) return leave("the box has no area");
  const left = Math.max(0, box.left);
  const top = Math.max(0, box.top);
  const right = Math.min(box.right, size?.width ?? box.right);
  const bottom = Math.min(box.bottom, size?.height ?? box.bottom);
  if (right <= left || bottom <= top) return leave("the box lies outside of the picture");
  const clipped = left !== box.left || top !== box.top || right !== box.right || bottom !== box.bottom;
  if (clipped) count("boxes that reach beyond the picture, cut at its edge");
  if (right - left < shortestSide || bottom - top < shortestSide) {
    return leave(`a side of the box is below ${shortestSide} pixels`);
  }
  return { left, top, width: right - left, height: bottom - top, size: cropSize };
}

async function splitOf(
  folder: string,
  found: readonly Found[],
  seed: number,
): Promise<{ split: Split; note: string }> {
  const list = join(folder, "ImageSets", "Main", "test.txt");
  if (existsSync(list)) {
    const lines = (await readFile(list, "utf8")).split(/\r?\n/);
    const tests = new Set(lines.map((line) => line.trim().split(/\s+/)[0]).filter((name) => name !== ""));
    const positions = found.map((_, i) => i);
    const split = {
      train: positions.filter((i) => !tests.has(found[i].picture)),
      test: positions.filter((i) => tests.has(found[i].picture)),
    };
    if (split.test.length > 0)
      return { split, note: "split by ImageSets/Main/test.txt; all other pictures train" };
  }
  const names = [...new Set(found.map(({ name }) => name))].sort(compareNaturally);
  const labels = found.map(({ name }) => names.indexOf(name));
  return {
    split: splitByClass(labels, 0.8, new Random(seed)),
    note: `split by seed ${seed}: of each class 80 % of the crops train, the others test`,
  };
}
