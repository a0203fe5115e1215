import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { loadDataSet } from "../../../src/datasets/load.js";
import { anomalyKinds, drawPicture, normalKinds } from "../../../src/datasets/synthetic/draw.js";
import { syntheticDataSet } from "../../../src/datasets/synthetic/synthetic-set.js";

const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest("hex").slice(0, 16);

describe("drawPicture", () => {
  it("draws the same bytes on every machine, for every kind", () => {
    const hashes = [...normalKinds, ...anomalyKinds].map((kind) => [
      kind,
      sha256(drawPicture(kind, "0/test/0", 64).data),
    ]);
    expect(Object.fromEntries(hashes)).toEqual({
      "round nucleus": "b73355dd4f2c57da",
      "kidney nucleus": "b97e734c860424c0",
      "two lobes": "8b9bdff3a79bcfc3",
      "segmented nucleus": "32a8344314c4bcc7",
      "giant cell": "9ec33e93a78ea5dd",
      "burst membrane": "8c9c4fcf0371142d",
      "dark granules": "9b13abe23bb9136c",
      vacuoles: "1e2a135498cfa7a1",
      "double nucleus": "e7a7541afa0db65e",
    });
  });

  it("draws different pictures for different keys and kinds", () => {
    const pictures = ["0/test/0", "1/test/0", "0/train/0", "0/test/1"].map((key) =>
      sha256(drawPicture("vacuoles", key, 32).data),
    );
    expect(new Set(pictures).size).toBe(4);
  });

  it("draws the same scene in any size", () => {
    const small = drawPicture("round nucleus", "0/test/3", 32);
    const large = drawPicture("round nucleus", "0/test/3", 64);
    expect([large.width, large.height, large.channels, large.data.length]).toEqual([64, 64, 3, 64 * 64 * 3]);
    let difference = 0;
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        const at = (row: number, column: number) => large.data[(row * 64 + column) * 3 + 1];
        const mean =
          (at(2 * y, 2 * x) + at(2 * y, 2 * x + 1) + at(2 * y + 1, 2 * x) + at(2 * y + 1, 2 * x + 1)) / 4;
        difference += Math.abs(mean - small.data[(y * 32 + x) * 3 + 1]) / 1024;
      }
    }
    expect(difference).toBeLessThan(4);
  });
});

describe("syntheticDataSet", () => {
  it("has four normal kinds to train with and five kinds of anomalies to find", () => {
    const data = syntheticDataSet();
    expect(data.toString()).toBe(
      "synthetic: 400 training and 200 test images, 9 classes, 4 of them with training images",
    );
    expect(data.normalClasses).toEqual(["round nucleus", "kidney nucleus", "two lobes", "segmented nucleus"]);
    expect([...data.train.classCounts()]).toEqual([100, 100, 100, 100, 0, 0, 0, 0, 0]);
    expect([...data.test.classCounts()]).toEqual([25, 25, 25, 25, 20, 20, 20, 20, 20]);
    expect(data.isAnomaly().reduce((sum, one) => sum + one, 0)).toBe(100);
    expect(data.isAnomaly("two lobes").reduce((sum, one) => sum + one, 0)).toBe(175);
    expect(data.train.ids[101]).toBe("train/kidney nucleus/1");
    expect(new Set(data.test.ids).size).toBe(200);
  });

  it("begins with the pictures of a smaller set", () => {
    const small = syntheticDataSet({ train: 2, testNormal: 1, testAnomaly: 1, size: 16 });
    const large = syntheticDataSet({ train: 3, testNormal: 2, testAnomaly: 2, size: 16 });
    for (const [i, id] of small.test.ids.entries()) {
      expect(large.test.source(large.test.ids.indexOf(id))).toEqual(small.test.source(i));
    }
  });

  it("has a content hash that follows the pictures", async () => {
    const options = { train: 1, testNormal: 1, testAnomaly: 1, size: 16 };
    const hash = await syntheticDataSet(options).contentHash();
    expect(await syntheticDataSet(options).contentHash()).toBe(hash);
    expect(await syntheticDataSet({ ...options, seed: 1 }).contentHash()).not.toBe(hash);
    expect(await syntheticDataSet({ ...options, train: 2 }).contentHash()).not.toBe(hash);
  });

  it("is loaded by name, with a seed and limits", async () => {
    const data = await loadDataSet("synthetic", { seed: 5, limitTrain: 3, limitTest: 2 });
    expect([data.train.length, data.test.length]).toEqual([12, 18]);
    expect(data.train.source(0)).toEqual(syntheticDataSet({ seed: 5 }).train.source(0));
    expect(data.train.source(0)).not.toEqual(syntheticDataSet().train.source(0));
  });

  it("refuses impossible numbers and unknown options", () => {
    expect(() => syntheticDataSet({ size: 8 })).toThrow(
      "size in pixels must be an integer from 16 to 512; got 8",
    );
    expect(() => syntheticDataSet({ train: 0 })).toThrow(RangeError);
    expect(() => syntheticDataSet({ seed: 0.5 })).toThrow(RangeError);
    expect(() => syntheticDataSet({ anomalies: 3 } as never)).toThrow("unknown option anomalies");
  });
});
