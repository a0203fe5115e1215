import { gzipSync } from "node:zlib";
import { type CatalogEntry, type CatalogFile, readCatalog } from "../../../src/datasets/fetch/index.js";
import { hashFiles } from "../../../src/datasets/hash.js";
import { deflated, zipOf } from "../../helpers/zip.js";
import { cifarRecords, type Files, idx, tarGz, temporaryFolder } from "../fabricate.js";
import { md5 } from "./attempt.js";

const labelsFile = "Class Labels of Dataset 1.csv";
const names = (n: number) => `${Array.from({ length: n }, (_, i) => `class ${i}`).join("\n")}\n`;

/**
 * Small data sets in the form of the originals.
 *
 * @returns archives by their names on a mirror, and the catalog's own entries with the checksums of these archives
 */
export async function generatedSets(): Promise<{ archives: Map<string, Buffer>; entries: CatalogEntry[] }> {
  const cells = whiteCells();
  const archives = new Map<string, Buffer>([
    ["wbc.zip", wbcZip(cells)],
    ["cifar-10-binary.tar.gz", await tarGz(cifar("cifar-10-batches-bin", ["batches.meta.txt"], 1))],
    [
      "cifar-100-binary.tar.gz",
      await tarGz(cifar("cifar-100-binary", ["coarse_label_names.txt", "fine_label_names.txt"], 2)),
    ],
    ...Object.entries(fashion()).map(([name, file]): [string, Buffer] => [`fashion-mnist/${name}`, file]),
  ]);
  const sha256 = await hashFiles(temporaryFolder(cells), Object.keys(cells));
  const bytes = Object.values(cells).reduce((sum, file) => sum + file.length, 0);
  const adapt = (file: CatalogFile): CatalogFile => {
    if (file.unpack) {
      return { ...file, unpack: { ...file.unpack, files: Object.keys(cells).length, bytes, sha256 } };
    }
    const archive = archives.get(file.path) ?? Buffer.alloc(0);
    return { ...file, bytes: archive.length, md5: md5(archive) };
  };
  const wanted = ["wbc", "cifar10", "cifar100", "fashion-mnist"];
  const entries = readCatalog()
    .filter(({ name }) => wanted.includes(name))
    .sort((a, b) => wanted.indexOf(a.name) - wanted.indexOf(b.name))
    .map((one) => ({ ...one, files: one.files.map(adapt) }));
  return { archives, entries };
}

function whiteCells(): Files {
  const numbers = Array.from({ length: 105 }, (_, i) => i + 1);
  return {
    ...Object.fromEntries(
      numbers.map((n) => [`Dataset 1/${String(n).padStart(3, "0")}.bmp`, bitmap(n % 251)]),
    ),
    [labelsFile]: `image ID,class label\n${numbers.map((n) => `${n},${1 + (n % 5)}`).join("\n")}\n`,
  };
}

function wbcZip(cells: Files): Buffer {
  const all = { ...cells, "Dataset 1/001.png": "mask", "Dataset 2/001.bmp": "other", "README.rst": "text" };
  return Buffer.from(
    zipOf(Object.entries(all).map(([name, file]) => deflated(`segmentation_WBC-main/${name}`, file))),
  );
}

/** 4 x 4 pixels of one value, as a BMP file. */
function bitmap(value: number): Buffer {
  const file = Buffer.alloc(54 + 48, value);
  file.write("BM");
  file.writeUInt32LE(file.length, 2);
  [0, 54, 40, 4, 4].forEach((field, i) => void file.writeUInt32LE(field, 6 + 4 * i));
  file.writeUInt32LE(1 + 24 * 65_536, 26);
  file.fill(0, 30, 54);
  return file;
}

function cifar(folder: string, nameFiles: readonly string[], labels: 1 | 2): Files {
  const records = (n: number) =>
    cifarRecords(
      Array.from({ length: n }, (_, i) => ({
        labels: labels === 1 ? [i % 10] : [i % 20, i % 100],
        rgb: [i, 2 * i, 3 * i] as [number, number, number],
      })),
    );
  const parts =
    labels === 1
      ? { "data_batch_1.bin": records(10), "data_batch_2.bin": records(10), "test_batch.bin": records(10) }
      : { "train.bin": records(40), "test.bin": records(20) };
  const texts = nameFiles.map((name) => [
    name,
    names(name.startsWith("batches") ? 10 : name.startsWith("coarse") ? 20 : 100),
  ]);
  return Object.fromEntries(
    [...texts, ...Object.entries(parts)].map(([name, file]) => [`${folder}/${name}`, file]),
  );
}

function fashion(): Record<string, Buffer> {
  const images = (n: number) =>
    gzipSync(
      idx(
        [n, 28, 28],
        Array.from({ length: n * 784 }, (_, i) => i % 256),
      ),
    );
  const labels = (n: number) =>
    gzipSync(
      idx(
        [n],
        Array.from({ length: n }, (_, i) => i % 10),
      ),
    );
  return {
    "train-images-idx3-ubyte.gz": images(20),
    "train-labels-idx1-ubyte.gz": labels(20),
    "t10k-images-idx3-ubyte.gz": images(10),
    "t10k-labels-idx1-ubyte.gz": labels(10),
  };
}
