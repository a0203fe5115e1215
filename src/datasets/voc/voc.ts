import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { DataError, NothingFound } from "../../core/errors.js";
import type { Crop } from "../../core/image.js";
import { checkOptions } from "../../core/options.js";
import { ProgressMeter } from "../../core/progress.js";
import { DataSet } from "../data-set.js";
import { hashFiles } from "../hash.js";
import { ImageSet } from "../image-set.js";
import { compareNaturally } from "../order.js";
import { type AnnotatedObject, parseAnnotation } from "./annotation.js";
import { type VocLayout, vocLayout, vocPictures } from "./layout.js";
import { type SplitCrop, splitCrops } from "./voc-split.js";

/** Shortest side of a box that is cropped, in pixels: the paper's rule for DIOR. */
const shortestSide = 120;
/** Side to which crops are resized, in pixels: the paper's rule for DIOR. */
const cropSize = 256;
/** A class with fewer training crops is normal in no experiment. */
const fewestTrained = 10;

/** How a VOC-style folder is read, and what is known about it. */
export interface VocOptions {
  /** Seed of the split where the folder states none. @default 0 */
  seed?: number;
  /** Name of the data set. @default the folder's */
  name?: string;
  /** What its publisher allows. @default that of the images' publisher */
  licence?: string;
  /** What to cite. @default that of the data set */
  citation?: string;
}

/** An object to crop. */
interface Found extends SplitCrop {
  readonly path: string;
  readonly number: number;
  readonly crop: Crop;
}

/**
 * Reads a folder in the form of PASCAL VOC (JPEGImages, Annotations, ImageSets) or of DIOR (JPEGImages-trainval,
 * JPEGImages-test, Annotations/Horizontal Bounding Boxes): every object whose box has at least 120 pixels in each axis is
 * cropped and resized to 256 x 256; its class is the object's name.
 *
 * The split is the publisher's: by ImageSets/Main/test.txt, or val.txt where there is no test.txt, else by the folders of
 * pictures; where nothing states one the crops are split by seed.
 *
 * @param folder - the folder
 * @param options - seed of the split; name, licence and citation of the data set
 * @returns crops with ids like "JPEGImages/1.jpg#0" (number of the object); pictures are decoded when they are needed
 * @throws DataError when pictures or annotations are missing, an annotation is damaged, or no object is large enough
 * @see DN2 sec. 4.1, DIOR
 */
export async function readVoc(folder: string, options: VocOptions = {}): Promise<DataSet> {
  checkOptions("readVoc", options, ["seed", "name", "licence", "citation"]);
  const layout = vocLayout(folder);
  const { found, counts, annotations } = await findCrops(folder, layout);
  if (found.length === 0) {
    throw new NothingFound(
      `${folder} must hold an object with a box of at least ${shortestSide} pixels in each axis; it holds none`,
      folder,
    );
  }
  const { split, notes } = await splitCrops(folder, layout, found, options.seed ?? 0);
  const trained = new Map<string, number>();
  for (const i of split.train) trained.set(found[i].name, (trained.get(found[i].name) ?? 0) + 1);
  const rare = [...trained].filter(([, n]) => n < fewestTrained).map(([name]) => name);
  const train = split.train.filter((i) => !rare.includes(found[i].name));
  const classNames = [...new Set(found.map(({ name }) => name))].sort(
    (a, b) => Number(rare.includes(a)) - Number(rare.includes(b)) || compareNaturally(a, b),
  );
  const { name = basename(resolve(folder)) } = options;
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
    licence: options.licence ?? "that of the images' publisher",
    citation: options.citation ?? "that of the data set",
    notes: [
      ...notes,
      ...[...counts].map(([what, n]) => `${n} ${what}`),
      ...rare.map(
        (one) =>
          `${one} does not train: ${trained.get(one)} training crops, at least ${fewestTrained} are required`,
      ),
    ],
    hash: () => hashFiles(folder, [...annotations, ...new Set(found.map(({ path }) => path))]),
  });
}

async function findCrops(folder: string, layout: VocLayout) {
  const pictures = await vocPictures(folder, layout);
  if (pictures.size === 0 || layout.annotations.length === 0) {
    const missing = pictures.size === 0 ? "pictures in a folder JPEGImages" : "a folder Annotations";
    throw new DataError(
      `${folder} must hold pictures in a folder JPEGImages (or JPEGImages-trainval and JPEGImages-test) and a folder Annotations; it lacks ${missing}`,
      folder,
    );
  }
  const files: string[] = [];
  for (const place of layout.annotations) {
    const names = (await readdir(join(folder, place))).filter((file) => file.endsWith(".xml"));
    files.push(...names.sort(compareNaturally).map((file) => `${place}/${file}`));
  }
  const counts = new Map<string, number>();
  const count = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const found: Found[] = [];
  const annotated = new Set<string>();
  const meter = new ProgressMeter("reading annotations", files.length, "files");
  for (const file of files) {
    await meter.add(1);
    const picture = basename(file, ".xml");
    const { path, part } = pictures.get(picture) ?? {};
    if (path === undefined) {
      count("annotations without a picture");
      continue;
    }
    annotated.add(picture);
    const full = join(folder, file);
    const { size, objects } = parseAnnotation(await readFile(full, "utf8"), full);
    objects.forEach((object, number) => {
      const crop = cropOf(object, size, count);
      if (crop) found.push({ picture, path, part, number, name: object.name, crop });
    });
  }
  meter.close();
  for (const picture of pictures.keys()) if (!annotated.has(picture)) count("pictures without an annotation");
  return { found, counts, annotations: files };
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
