import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/core/errors.js";
import { dataSetNames, loadDataSet } from "../../src/datasets/load.js";
import { cifarRecords, tarGz, temporaryFolder, withDataFolders } from "./fabricate.js";

const meta = Array.from({ length: 10 }, (_, i) => `class ${i}`).join("\n");
const archiveWith = (images: number) =>
  tarGz({
    "a/batches.meta.txt": meta,
    "a/data_batch_1.bin": cifarRecords(
      Array.from({ length: images }, () => ({ labels: [1], rgb: [0, 0, 0] })),
    ),
    "a/test_batch.bin": cifarRecords([{ labels: [1], rgb: [0, 0, 0] }]),
  });

describe("loadDataSet", () => {
  it("prefers earlier folders, and the original to a subset", async () => {
    const first = temporaryFolder({ "cifar-10-binary-subset.tar.gz": await archiveWith(1) });
    const second = temporaryFolder({ "cifar-10-binary.tar.gz": await archiveWith(2) });
    const both = temporaryFolder({
      "cifar-10-binary-subset.tar.gz": await archiveWith(1),
      "cifar-10-binary.tar.gz": await archiveWith(3),
    });
    const trained = (folders: string[]) =>
      withDataFolders(folders, async () => (await loadDataSet("cifar10")).train.length);
    expect(await trained([first, second])).toBe(1);
    expect(await trained([second, first])).toBe(2);
    expect(await trained([join(first, "absent"), both])).toBe(3);
  });

  it("finds white blood cells under the name of their repository", async () => {
    const folder = temporaryFolder({ "segmentation_WBC-master/Dataset 1/x.bmp": "" });
    await withDataFolders([folder], () =>
      expect(loadDataSet("wbc")).rejects.toThrow(/segmentation_WBC-master must hold "Class Labels/),
    );
  });

  it("takes the first images of each class", async () => {
    const folder = temporaryFolder({ "cifar-10-binary.tar.gz": await archiveWith(5) });
    await withDataFolders([folder], async () => {
      const data = await loadDataSet("cifar10", { limitTrain: 3, limitTest: 9 });
      expect(data.train.ids).toEqual(["data_batch_1.bin#0", "data_batch_1.bin#1", "data_batch_1.bin#2"]);
      expect(data.test.length).toBe(1);
      expect(await data.contentHash()).toBe(await (await loadDataSet("cifar10")).contentHash());
      await expect(loadDataSet("cifar10", { limitTrain: 0 })).rejects.toThrow(RangeError);
      await expect(loadDataSet("cifar10", { limitTest: 1.5 })).rejects.toThrow(RangeError);
    });
  });

  it("loads a folder of images by its path", async () => {
    const folder = temporaryFolder({ "train/a/1.png": "", "test/a/2.png": "" });
    expect((await loadDataSet(folder)).toString()).toMatch(/: 1 training and 1 test images, 1 class$/);
  });

  it("says of a missing set where it was looked for and how to get it", async () => {
    const folder = temporaryFolder();
    await withDataFolders([folder], async () => {
      const missing = dataSetNames().filter((name) => !name.startsWith("synthetic"));
      for (const name of missing) {
        const error = await loadDataSet(name).catch((thrown) => thrown);
        expect(error).toBeInstanceOf(DataError);
        expect(error.message).toContain(
          `the data set ${name} was not found in ${folder} or ${process.env.DN2_CACHE}`,
        );
        expect(error.message).toMatch(/published at https:\S+\).* name that folder in DN2_DATA$/);
      }
    });
  });

  it("lists the valid names for one that is neither known nor a folder", async () => {
    const error = await loadDataSet("cifar11").catch((thrown) => thrown);
    expect(error).toBeInstanceOf(RangeError);
    for (const name of dataSetNames()) expect(error.message).toContain(name);
    await expect(loadDataSet("toString")).rejects.toThrow("unknown data set: toString");
  });

  it("refuses options that are misspelt or of another data set", async () => {
    await expect(loadDataSet("cifar10", { limit: 1 } as never)).rejects.toThrow("unknown option limit");
    await expect(loadDataSet("cifar10", { fine: true })).rejects.toThrow(
      "fine is an option of the data set cifar100",
    );
  });
});
