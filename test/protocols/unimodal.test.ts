import { describe, expect, it } from "vitest";
import { ImageSet } from "../../src/datasets/index.js";
import { Features } from "../../src/extractors/index.js";
import { unimodal } from "../../src/protocols/index.js";

const pixel = { width: 1, height: 1, channels: 1, data: Uint8Array.of(0) } as const;

function labelled(name: string, points: number[], labels: number[]): Features {
  const images = ImageSet.fromImages(
    name,
    points.map(() => pixel),
    { ids: points.map((_, i) => `${name} ${i}`), labels, classNames: ["low", "high", "never trained"] },
  );
  return Features.fromRows(
    points.map((x) => [x]),
    { images, extractor: "line" },
  );
}

const train = labelled("train", [0, 1, 2, 10, 11, 12], [0, 0, 0, 1, 1, 1]);

describe("the unimodal experiment", () => {
  it("takes each class with training images as the normal one and scores the whole test split", async () => {
    // low normal, k = 1: scores 0, 1, 81, 64, 16 for 1, 3, 11, 10, 6; the anomalies 11, 10, 6 are above all normals.
    // high normal: scores 81, 49, 0, 0, 16: both normals below all three anomalies.
    const test = labelled("test", [1, 3, 11, 10, 6], [0, 0, 1, 1, 2]);
    const { mean, perClass } = await unimodal(train, test, { k: 1 });
    expect(perClass).toMatchObject([
      { class: "low", value: 1, trainImages: 3, normalTestImages: 2, anomalousTestImages: 3 },
      { class: "high", value: 1, trainImages: 3, normalTestImages: 2, anomalousTestImages: 3 },
    ]);
    expect(mean).toBe(1);
  });

  it("counts a normal image that is farther away than an anomaly against the method", async () => {
    // low normal, k = 1: normals 2 -> 0 and 8 -> 36, anomalies 5 -> 9 and 11 -> 81: three of four pairs are right.
    const test = labelled("test", [2, 8, 5, 11], [0, 0, 1, 1]);
    const { perClass } = await unimodal(train, test, { k: 1, normalClasses: ["low"] });
    expect(perClass[0].value).toBe(0.75);
  });

  it("refuses a k above the class's training images, a test split of one kind and an unknown option", async () => {
    const test = labelled("test", [1, 11], [0, 1]);
    await expect(unimodal(train, test, { k: 4 })).rejects.toThrow(/k must be an integer from 1 to 3 .*got 4/);
    await expect(unimodal(train, test, { k: 1, normalClasses: ["never trained"] })).rejects.toThrow(
      "never trained of train has none: choose from low, high",
    );
    const normals = labelled("test", [1, 2], [0, 0]);
    await expect(unimodal(train, normals, { k: 1 })).rejects.toThrow(/anomal/);
    await expect(unimodal(train, test, { neighbours: 2 } as never)).rejects.toThrow(
      "unknown option neighbours",
    );
  });

  it("gives intervals that hold their figures, the same for the same seed, and warns of few test images", async () => {
    const test = labelled("test", [2, 8, 5, 11, 3, 9], [0, 0, 1, 1, 0, 1]);
    const run = (seed: number) => unimodal(train, test, { k: 1, seed, replicates: 100 });
    const result = await run(1);
    expect(result.interval[0]).toBeLessThanOrEqual(result.mean);
    for (const { value, interval, averagePrecision, falsePositiveRate, warning } of result.perClass) {
      expect(interval[0]).toBeLessThanOrEqual(value);
      expect(interval[1]).toBeGreaterThanOrEqual(value);
      expect(averagePrecision.value).toBeGreaterThan(0.4);
      expect(falsePositiveRate.interval[0]).toBeLessThanOrEqual(falsePositiveRate.interval[1]);
      expect(warning).toContain("too few test images");
    }
    expect(await run(1)).toEqual(result);
  });

  it("knows nothing of the interval where a kind has a single test image", async () => {
    const { interval, perClass } = await unimodal(train, labelled("test", [1, 11], [0, 1]), { k: 1 });
    expect(interval).toEqual([0, 1]);
    expect(perClass[0].interval).toEqual([0, 1]);
  });

  it("needs images with classes", async () => {
    const bare = Features.fromRows([[1], [2]], { extractor: "line" });
    await expect(unimodal(bare, bare)).rejects.toThrow(/needs the classes of the training images/);
  });
});
