import { describe, expect, it } from "vitest";
import { Features } from "../../src/extractors/index.js";
import { checkLeaks } from "../../src/scoring/leak-check.js";

const on = (name: string, points: number[]) =>
  Features.fromRows(
    points.map((x) => [x, 0]),
    { ids: points.map((_, i) => `${name} ${i}`), extractor: "line" },
  );
const train = on("train", [0, 10, 20, 30]);

describe("the leak check", () => {
  it("tells identical from nearly identical test images, by the usual distance to the nearest", async () => {
    // Distances to the nearest: 0, 4, 1, 4, 5; the median is 4, so 1 is a quarter of it.
    const report = await checkLeaks(train, on("test", [10, 14, 21, 34, 5]));
    expect(report.identical).toEqual([{ test: "test 0", train: "train 1", distance: 0, relative: 0 }]);
    expect(report.nearlyIdentical).toEqual([
      { test: "test 2", train: "train 2", distance: 1, relative: 0.25 },
    ]);
    expect(String(report)).toBe(
      "leak check: of 5 test images 1 are identical to a training image and 1 nearly so, for example test 0 and train 1",
    );
  });

  it("says so when nothing was found, and takes its own limit", async () => {
    const test = on("test", [4, 14, 25]);
    expect(String(await checkLeaks(train, test))).toContain("none of 3 test images");
    const { nearlyIdentical } = await checkLeaks(train, on("test", [4, 14, 21]), { near: 0.2 });
    expect(nearlyIdentical).toEqual([]);
  });

  it("finds a training image under its own id, and a test set of copies", async () => {
    const report = await checkLeaks(train, train);
    expect(report.identical).toHaveLength(4);
  });

  it("refuses a limit out of range and an empty test set", async () => {
    await expect(checkLeaks(train, train, { near: 1 })).rejects.toThrow(/near must be above 0 and below 1/);
    await expect(checkLeaks(train, train.subset([]))).rejects.toThrow(/at least one test image/);
  });
});
