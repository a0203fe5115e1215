import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { DataError } from "../core/errors.js";
import { DataSet } from "./data-set.js";
import { hashFiles } from "./hash.js";
import { readIdx } from "./idx.js";
import { ImageSet } from "./image-set.js";
import { pixelBacking } from "./pixel-rows.js";

const classNames = [
  "T-shirt/top",
  "trouser",
  "pullover",
  "dress",
  "coat",
  "sandal",
  "shirt",
  "sneaker",
  "bag",
  "ankle boot",
];
const side = 28;

/**
 * Reads Fashion-MNIST.
 *
 * @param folder - the folder with the four idx files, with or without .gz
 * @returns 28 x 28 grey images of 10 classes; ids are "train-images-idx3-ubyte#0" and so on
 * @throws DataError when a file is missing or damaged, or images and labels do not agree
 */
export async function readFashionMnist(folder: string): Promise<DataSet> {
  const files = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"].map(
    (name) => findFile(folder, `${name}-ubyte`),
  );
  const [train, test] = [
    await readSplit("train", files[0], files[1]),
    await readSplit("test", files[2], files[3]),
  ];
  return new DataSet({
    name: "fashion-mnist",
    train,
    test,
    licence: "MIT",
    citation:
      "Xiao, Rasul, Vollgraf: Fashion-MNIST, a Novel Image Dataset for Benchmarking Machine Learning Algorithms, 2017",
    notes: [],
    hash: () =>
      hashFiles(
        folder,
        files.map((file) => basename(file)),
      ),
  });
}

function findFile(folder: string, name: string): string {
  const file = [`${name}.gz`, name].map((choice) => join(folder, choice)).find((path) => existsSync(path));
  if (!file) throw new DataError(`${folder} must hold ${name}.gz (Fashion-MNIST); it does not`, folder);
  return file;
}

async function readSplit(split: string, imagesPath: string, labelsPath: string): Promise<ImageSet> {
  const images = await readIdx(imagesPath, 3);
  const labels = await readIdx(labelsPath, 1);
  const [n, height, width] = images.shape;
  if (height !== side || width !== side) {
    throw new DataError(
      `images in ${imagesPath} must be ${side} x ${side}; they are ${height} x ${width}`,
      imagesPath,
    );
  }
  if (labels.shape[0] !== n) {
    throw new DataError(
      `${labelsPath} must hold ${n} labels, one an image; it holds ${labels.shape[0]}`,
      labelsPath,
    );
  }
  const wrong = labels.data.findIndex((label) => label >= classNames.length);
  if (wrong >= 0) {
    const required = `labels in ${labelsPath} must be below ${classNames.length}`;
    throw new DataError(
      `${required}; image ${wrong} has ${labels.data[wrong]}, the file is damaged`,
      labelsPath,
    );
  }
  const rows = { file: basename(imagesPath, ".gz"), pixels: images.data, labels: labels.data };
  return new ImageSet(
    `fashion-mnist ${split}`,
    pixelBacking([rows], { width, height, channels: 1 }, classNames),
  );
}
