import { describe, expect, it } from "vitest";
import { rocAuc } from "../../src/metrics/index.js";
import { NeighborIndex } from "../../src/neighbors/index.js";
import { mergeTables } from "../../src/protocols/class-tables.js";
import { multimodal } from "../../src/protocols/index.js";
import { clouds, labelledPoints } from "./points.js";

const names = ["a", "b", "c"];
const train = clouds("train", 30, names, 1);
const test = clouds("test", 20, names, 2);

describe("the multimodal experiment", () => {
  it("leaves each class out in turn and scores against all others together", async () => {
    const { mean, perClass } = await multimodal(train, test, { k: 3, replicates: 100 });
    const labels = train.images?.labels ?? [];
    for (const [c, { class: name, value, trainImages, anomalousTestImages }] of perClass.entries()) {
      const rows = Array.from(labels.keys()).filter((i) => labels[i] !== c);
      const table = await new NeighborIndex(train.subset(rows)).search(test, 3);
      const isAnomaly = Array.from(test.images?.labels ?? [], (label) => Number(label === c));
      expect(name).toBe(names[c]);
      expect(value).toBeCloseTo(rocAuc(table.scores(3).values, isAnomaly), 12);
      expect([trainImages, anomalousTestImages]).toEqual([60, 20]);
    }
    expect(mean).toBeCloseTo(
      perClass.reduce((sum, { value }) => sum + value / 3, 0),
      12,
    );
  });

  it("leaves out only the classes that were asked for, and still trains on all others", async () => {
    const { perClass } = await multimodal(train, test, { normalClasses: ["b"], replicates: 100 });
    expect(perClass).toHaveLength(1);
    expect(perClass[0]).toMatchObject({ class: "b", trainImages: 60 });
  });

  it("needs two classes and known names", async () => {
    const one = labelledPoints("train", [[1], [2]], [0, 0], ["a", "b"]);
    const both = labelledPoints("test", [[1], [5]], [0, 1], ["a", "b"]);
    await expect(multimodal(one, both)).rejects.toThrow(/leaves one class out .* got 1 class/);
    await expect(multimodal(train, test, { normalClasses: ["z"] })).rejects.toThrow(/unknown class.*: z/);
  });
});

describe("merged tables", () => {
  it("hold what one search over all parts finds, ties included", async () => {
    const grid = labelledPoints(
      "train",
      Array.from({ length: 24 }, (_, i) => [i % 5, i % 3]),
      new Array(24).fill(-1),
      [],
    );
    const asked = labelledPoints(
      "test",
      [
        [0, 0],
        [2, 1],
        [4.5, 2],
      ],
      [-1, -1, -1],
      [],
    );
    const parts = [0, 1, 2].map((part) => ({
      rows: Array.from({ length: 24 }, (_, i) => i).filter((i) => i % 3 === part),
    }));
    const tables = await Promise.all(
      parts.map(async ({ rows }) => ({
        rows,
        table: await new NeighborIndex(grid.subset(rows)).search(asked, 6),
      })),
    );
    const merged = mergeTables(tables, 6, grid.ids);
    const whole = await new NeighborIndex(grid).search(asked, 6);
    expect(merged.distances).toEqual(whole.distances);
    expect(merged.indices).toEqual(whole.indices);
  });
});
