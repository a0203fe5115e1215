import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compactData, createModel, explainData, exploreData } from "../../../src/widgets/models/index.js";
import { madeUpTable } from "./tables.js";

const { table, isAnomaly } = madeUpTable(120, 8, "explain");

describe("the model of explainScore", () => {
  const model = createModel(explainData(table, "test/7.png", { isAnomaly }));

  it("says rank and place of the score for every k", () => {
    const settings = fc.record({
      image: fc.nat(119),
      k: fc.integer({ min: 1, max: 8 }),
      distance: fc.constantFrom("squared" as const, "euclidean" as const),
      statistic: fc.constantFrom("mean" as const, "kth" as const),
    });
    fc.assert(
      fc.property(settings, (chosen) => {
        const { image, k, ...variant } = chosen;
        const scores = table.scores(k, variant);
        const { readouts, figures, galleries } = model.view(chosen);
        const rank = [...scores.values].filter((score) => score > scores.values[image]).length + 1;
        expect(readouts.map(({ value }) => value).slice(0, 3)).toEqual([
          `test/${image}.png`,
          expect.stringMatching(/^[\d.]+$/),
          String(rank),
        ]);
        const [line, point] = figures[1].data as { x: number[]; y: number[] }[];
        expect(line.y[k - 1]).toBe(rank);
        expect([point.x, point.y]).toEqual([[k], [rank]]);
        const [own, neighbors] = galleries;
        expect(own.tiles.map((tile) => [tile.set, tile.index])).toEqual([["test", image]]);
        expect(neighbors.tiles.map((tile) => tile.index)).toEqual(
          table.neighbors(image, Math.max(6, k)).map(({ index }) => index),
        );
        expect(neighbors.tiles.every((tile) => tile.set === "train")).toBe(true);
      }),
    );
  });

  it("compares with the other normal images", () => {
    const normals = Array.from(isAnomaly.keys()).filter((i) => isAnomaly[i] === 0);
    const { values } = table.scores(2);
    const highest = normals.reduce((a, b) => (values[a] >= values[b] ? a : b));
    const detail = (image: number) => model.view({ image }).readouts[1].detail;
    expect(detail(highest)).toBe(
      `mean squared distance to 2 nearest; above all of ${normals.length - 1} normal images`,
    );
    const unlabelled = createModel(explainData(table, 3));
    const lowest = [...table.scores(2).rank()].at(-1);
    expect(unlabelled.view({ image: lowest! }).readouts[1].detail).toContain(
      "above none of 119 other images",
    );
  });

  it("is what a click on a test image gives, with the explorer's settings", () => {
    const explore = createModel(exploreData(table, isAnomaly));
    const explained = explore.explain!({ set: "test", index: 9, caption: "" }, { k: 5, called: 0.5 })!;
    expect(explained.defaults).toEqual({ k: 5, distance: "squared", statistic: "mean", image: 9 });
    expect(JSON.stringify(explained.view(explained.defaults))).toBe(
      JSON.stringify(model.view({ k: 5, image: 9 })),
    );
    expect(explore.explain!({ set: "train", index: 0, caption: "" }, {})).toBeUndefined();
  });

  it("shows as many neighbors as a small page kept", () => {
    const { data } = compactData(explainData(table, 0), { maxBytes: 4_000 });
    const view = createModel(data).view({ k: 99 });
    expect(view.galleries[1].tiles.length).toBeGreaterThan(0);
    expect(view.galleries[1].tiles.every((tile) => tile.index >= 0)).toBe(true);
  });

  it("refuses an image that is not there", () => {
    expect(() => explainData(table, "x")).toThrow("no image of the table is called x");
    expect(() => explainData(table, 120)).toThrow("got 120");
    expect(() => explainData(table, 1, { label: 1 } as never)).toThrow("explainScore: unknown option label");
  });
});
