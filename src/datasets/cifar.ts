import { basename } from "node:path";
import { DataError } from "../core/errors.js";
import { readFiles } from "./archive.js";
import { DataSet } from "./data-set.js";
import { hashFiles } from "./hash.js";
import { ImageSet } from "./image-set.js";
import { type PixelRows, pixelBacking } from "./pixel-rows.js";

/** What distinguishes CIFAR-10 from CIFAR-100 in the binary version. */
interface CifarLayout {
  readonly name: string;
  readonly namesFile: string;
  readonly labelBytes: number;
  /** Which of the label bytes is used. */
  readonly labelAt: number;
  readonly classes: number;
  readonly trainFiles: readonly string[];
  readonly testFile: string;
  /** Sizes of the original training and test splits. */
  readonly original: readonly [number, number];
}

const side = 32;
const plane = side * side;
const rowBytes = 3 * plane;
const mostImages = 60_000;
const namesBytes = 1 << 16;

/**
 * Reads CIFAR-10, binary version.
 *
 * @param path - cifar-10-binary.tar.gz, or the folder unpacked from it
 * @returns 32 x 32 RGB images of 10 classes; ids are "data_batch_1.bin#0" and so on
 * @throws DataError when a file is missing, has no whole number of images or a label that is no class
 */
export function readCifar10(path: string): Promise<DataSet> {
  return readCifar(path, {
    name: "cifar10",
    namesFile: "batches.meta.txt",
    labelBytes: 1,
    labelAt: 0,
    classes: 10,
    trainFiles: [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`),
    testFile: "test_batch.bin",
    original: [50_000, 10_000],
  });
}

/**
 * Reads CIFAR-100, binary version.
 *
 * @param path - cifar-100-binary.tar.gz, or the folder unpacked from it
 * @param options - `fine`: true for the 100 fine classes, default the 20 coarse ones
 * @returns 32 x 32 RGB images; ids are "train.bin#0" and so on
 * @throws DataError when a file is missing, has no whole number of images or a label that is no class
 */
export function readCifar100(path: string, options: { fine?: boolean } = {}): Promise<DataSet> {
  return readCifar(path, {
    name: options.fine ? "cifar100 (fine)" : "cifar100",
    namesFile: options.fine ? "fine_label_names.txt" : "coarse_label_names.txt",
    labelBytes: 2,
    labelAt: options.fine ? 1 : 0,
    classes: options.fine ? 100 : 20,
    trainFiles: ["train.bin"],
    testFile: "test.bin",
    original: [50_000, 10_000],
  });
}

async function readCifar(path: string, layout: CifarLayout): Promise<DataSet> {
  const largest = mostImages * (layout.labelBytes + rowBytes);
  const used = [...layout.trainFiles, layout.testFile];
  const files = await readFiles(
    path,
    new Map([[layout.namesFile, namesBytes], ...used.map((file): [string, number] => [file, largest])]),
  );
  for (const required of [layout.namesFile, layout.trainFiles[0], layout.testFile]) {
    if (!files.has(required)) {
      throw new DataError(
        `${path} must hold ${required} (the binary version of ${layout.name}); it does not`,
        path,
      );
    }
  }
  const classNames = readNames(path, layout, files.get(layout.namesFile)!);
  const read = (names: readonly string[], split: string) => {
    const rows = names
      .filter((file) => files.has(file))
      .map((file) => readRows(path, file, files.get(file)!, layout));
    return new ImageSet(
      `${layout.name} ${split}`,
      pixelBacking(rows, { width: side, height: side, channels: 3 }, classNames),
    );
  };
  const train = read(layout.trainFiles, "train");
  const test = read([layout.testFile], "test");
  return new DataSet({
    name: layout.name,
    train,
    test,
    licence: "none stated by the publisher",
    citation: "Krizhevsky: Learning Multiple Layers of Features from Tiny Images, technical report, 2009",
    notes: subsetNotes(path, train, test, layout),
    hash: () => hashFiles(path, [...files.keys()]),
  });
}

function readNames(path: string, layout: CifarLayout, content: Buffer): string[] {
  const names = content
    .toString("utf8")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (names.length !== layout.classes || new Set(names).size !== names.length) {
    const required = `${layout.namesFile} in ${path} must hold ${layout.classes} different class names, one a line`;
    throw new DataError(`${required}; it holds ${names.length} lines`, path);
  }
  return names;
}

/** Turns records of label bytes and three color planes into rows of interleaved pixels. */
function readRows(path: string, file: string, content: Buffer, layout: CifarLayout): PixelRows {
  const record = layout.labelBytes + rowBytes;
  const n = content.length / record;
  if (!Number.isInteger(n) || n === 0) {
    throw new DataError(
      `${file} in ${path} must be a whole number of records of ${record} bytes; it has ${content.length} bytes`,
      path,
    );
  }
  const pixels = new Uint8Array(n * rowBytes);
  const labels = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    labels[i] = content[i * record + layout.labelAt];
    if (labels[i] >= layout.classes) {
      const required = `labels in ${file} of ${path} must be below ${layout.classes}`;
      throw new DataError(
        `${required}; image ${i} has ${labels[i]}, the file is damaged or of another data set`,
        path,
      );
    }
    const from = i * record + layout.labelBytes;
    const to = i * rowBytes;
    for (let p = 0; p < plane; p++) {
      pixels[to + 3 * p] = content[from + p];
      pixels[to + 3 * p + 1] = content[from + plane + p];
      pixels[to + 3 * p + 2] = content[from + 2 * plane + p];
    }
  }
  return { file, pixels, labels };
}

function subsetNotes(path: string, train: ImageSet, test: ImageSet, layout: CifarLayout): string[] {
  const [trainOriginal, testOriginal] = layout.original;
  if (train.length === trainOriginal && test.length === testOriginal) return [];
  const counts = `${train.length} of ${trainOriginal} training and ${test.length} of ${testOriginal} test images`;
  return [`${basename(path)} is a subset of the original: ${counts}`];
}
