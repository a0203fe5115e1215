import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/errors.js";
import { DataSet } from "./data-set.js";
import { fileBacking } from "./file-images.js";
import { hashFiles } from "./hash.js";
import { ImageSet } from "./image-set.js";
import { splitByClass } from "./split.js";

const imagesFolder = "Dataset 1";
const labelsFile = "Class Labels of Dataset 1.csv";
const cellNames = ["neutrophil", "lymphocyte", "monocyte", "eosinophil", "basophil"];
const trainShare = 0.8;
/** The paper's rule: classes with more images than this take part. */
const fewImages = 20;

/**
 * Reads Dataset 1 of the white blood cell images, split as in the paper: of each class with more than 20 images the
 * first 80 % (in file order) train and the last 20 % test.
 *
 * @param folder - the repository's folder, with "Dataset 1" and its table of class labels
 * @returns RGB images, most 120 x 120 and the others stretched to squares when they are resized, of 4 classes; ids are "Dataset 1/001.bmp" and so on
 * @throws DataError naming the line of a bad table entry, or the image that is missing
 * @see DN2 sec. 4.1, "small datasets"
 */
export async function readWbc(folder: string): Promise<DataSet> {
  for (const required of [labelsFile, imagesFolder]) {
    if (!existsSync(join(folder, required))) {
      throw new DataError(`${folder} must hold "${required}" of segmentation_WBC; it does not`, folder);
    }
  }
  const table = await readLabels(join(folder, labelsFile));
  const files = new Set((await readdir(join(folder, imagesFolder))).filter((name) => name.endsWith(".bmp")));
  const counts = new Map<number, number>();
  for (const [number, cell] of table) {
    if (!files.has(fileName(number))) {
      const path = join(folder, labelsFile);
      throw new DataError(
        `${path} names image ${number}, but ${imagesFolder} holds no ${fileName(number)}`,
        path,
      );
    }
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const kept = [...counts.keys()].filter((cell) => counts.get(cell)! > fewImages).sort();
  const used = [...table].filter(([, cell]) => kept.includes(cell));
  const paths = used.map(([number]) => `${imagesFolder}/${fileName(number)}`);
  const labels = used.map(([, cell]) => kept.indexOf(cell));
  const names = kept.map((cell) => cellNames[cell]);
  const all = new ImageSet("wbc", fileBacking(folder, paths, labels, names, "stretch"));
  const { train, test } = splitByClass(labels, trainShare);
  return new DataSet({
    name: "wbc",
    train: all.subset(train, "wbc train"),
    test: all.subset(test, "wbc test"),
    licence: "GPL-3.0 (of the repository); acknowledge Jiangxi Tecom Science Corporation, China",
    citation:
      "Zheng, Wang, Wang, Liu: Fast and Robust Segmentation of White Blood Cell Images by Self-supervised Learning, Micron 107, 2018",
    notes: [
      ...leftOut(counts, files.size - table.size),
      "images that are not square are stretched to a square",
      "class labels were not checked by experts",
    ],
    hash: () => hashFiles(folder, [labelsFile, ...paths]),
  });
}

function fileName(number: number): string {
  return `${String(number).padStart(3, "0")}.bmp`;
}

/** Image numbers, ascending, each with its cell type as a position in `cellNames`. */
async function readLabels(path: string): Promise<Map<number, number>> {
  const lines = (await readFile(path, "utf8")).replace(/^\uFEFF/, "").split(/\r?\n/);
  const table = new Map<number, number>();
  lines.forEach((line, i) => {
    const isHeader = i === 0 && /^\s*image/i.test(line);
    if (isHeader || line.trim() === "") return;
    const entry = /^\s*(\d{1,6})\s*,\s*([1-5])\s*$/.exec(line);
    if (!entry) {
      const required = `line ${i + 1} of ${path} must be an image number and a class from 1 to 5`;
      throw new DataError(`${required}; it is ${JSON.stringify(line.slice(0, 60))}`, path);
    }
    const number = Number(entry[1]);
    if (table.has(number)) {
      throw new DataError(`${path} must name every image once; line ${i + 1} repeats image ${number}`, path);
    }
    table.set(number, Number(entry[2]) - 1);
  });
  if (table.size === 0) throw new DataError(`${path} must name at least one image; it names none`, path);
  return new Map([...table].sort(([a], [b]) => a - b));
}

function leftOut(counts: ReadonlyMap<number, number>, unnamed: number): string[] {
  const rare = [...counts].filter(([, count]) => count <= fewImages).sort(([a], [b]) => a - b);
  const notes = rare.map(
    ([cell, count]) =>
      `${cellNames[cell]} is left out: ${count} image${count === 1 ? "" : "s"}, more than ${fewImages} are required`,
  );
  if (unnamed > 0) notes.push(`${unnamed} images without an entry in the table of class labels are left out`);
  return notes;
}
