import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DataError } from "../../src/core/errors.js";
import type { DataSet } from "../../src/datasets/data-set.js";
import { loadDataSet } from "../../src/datasets/load.js";
import { describeReal } from "../helpers/real-data.js";

/** The int32 values of a one-dimensional .npy file, version 1. */
function int32sOf(path: string): Int32Array {
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  return new Int32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
}

const reference = "reference/wbc1_squeezenet11";

describeReal(
  "the white blood cell images",
  (folder) => {
    it("are split as in the independent reference", async () => {
      const data = await loadDataSet("wbc");
      expect(data.toString()).toBe("wbc: 237 training and 62 test images, 4 classes");
      expect(data.classNames).toEqual(["neutrophil", "lymphocyte", "monocyte", "eosinophil"]);
      expect([...data.train.classCounts()]).toEqual([140, 42, 38, 17]);
      expect([...data.test.classCounts()]).toEqual([36, 11, 10, 5]);
      for (const split of ["train", "test"] as const) {
        const expected = int32sOf(join(folder, reference, `${split}_labels.npy`));
        expect([...data[split].labels.map((label) => label + 1)]).toEqual([...expected]);
      }
      expect(data.notes[0]).toBe("basophil is left out: 1 image, more than 20 are required");
      expect(await data.contentHash()).toMatch(/^[0-9a-f]{64}$/);
    });
  },
  ["wbc", reference],
);

describeReal("the original data sets", () => {
  it("cifar10 has 1000 test images of each class", async ({ skip }) => {
    const data = await loadOrSkip("cifar10", skip);
    expect([...data.test.classCounts()]).toEqual(new Array(10).fill(1000));
    expect(data.train.length % 10_000).toBe(0);
    expect(data.classNames[3]).toBe("cat");
    expect(data.test.ids[17]).toBe("test_batch.bin#17");
    expect(new Set(data.train.ids).size).toBe(data.train.length);
  });

  it("cifar100 has equally many images of each coarse and each fine class", async ({ skip }) => {
    const coarse = await loadOrSkip("cifar100", skip);
    expect(coarse.classNames).toHaveLength(20);
    expect(new Set(coarse.train.classCounts()).size).toBe(1);
    const fine = await loadDataSet("cifar100", { fine: true, limitTrain: 2 });
    expect([...fine.train.classCounts()]).toEqual(new Array(100).fill(2));
  });

  it("fashion-mnist has 6000 and 1000 images of each class", async ({ skip }) => {
    const data = await loadOrSkip("fashion-mnist", skip);
    expect([...data.train.classCounts()]).toEqual(new Array(10).fill(6000));
    expect([...data.test.classCounts()]).toEqual(new Array(10).fill(1000));
  });
});

/** Loads a data set; where it is not in the data folders, the test is skipped. */
async function loadOrSkip(name: string, skip: (note?: string) => never): Promise<DataSet> {
  try {
    return await loadDataSet(name);
  } catch (error) {
    if (error instanceof DataError && error.message.includes("was not found in")) return skip(error.message);
    throw error;
  }
}
