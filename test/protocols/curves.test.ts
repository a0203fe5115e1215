import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { rocAuc } from "../../src/metrics/index.js";
import { NeighborIndex } from "../../src/neighbors/index.js";
import { PointCollector } from "../../src/protocols/curves.js";
import { visitDistances } from "../../src/protocols/distance-rows.js";
import {
  contamination,
  fewImages,
  kMeansCenters,
  neighborsCurve,
  unimodal,
} from "../../src/protocols/index.js";
import { cleanTrainingSet } from "../../src/scoring/clean-training-set.js";
import { ContaminationPool } from "../../src/scoring/index.js";
import { clouds } from "./points.js";

const names = ["a", "b", "c"];
const train = clouds("train", 40, names, 1);
const test = clouds("test", 30, names, 2);

describe("a point of a curve", () => {
  it("has the mean, the spreads over classes and seeds, and an interval that is wider where seeds differ", () => {
    const [labels, strata] = [Uint8Array.of(0, 0, 1, 1), [0, 0, 1, 1]];
    const point = new PointCollector();
    point.add(0, [1, 2, 3, 4], labels, strata);
    point.add(0, [1, 3, 2, 4], labels, strata);
    point.add(1, [2, 3, 1, 4], labels, strata);
    point.add(1, [1, 3, 2, 4], labels, strata);
    const { value, overClasses, overSeeds, perClass, interval } = point.point("x");
    expect(value).toBeCloseTo((1 + 0.75 + 0.5 + 0.75) / 4, 12);
    expect(perClass).toEqual([0.75, 0.75]);
    expect(overClasses).toBeCloseTo(0, 12);
    expect(overSeeds).toBeCloseTo((0.875 - 0.625) / Math.SQRT2, 12);
    expect(value - interval[0]).toBeGreaterThan((1.96 * (overSeeds ?? 0)) / Math.SQRT2 - 1e-4);
  });
});

describe("distances to all training images", () => {
  it("equal those of the exact search", async () => {
    const table = await new NeighborIndex(train).search(test, train.n);
    const found: number[][] = [];
    await visitDistances(train, test, (_, distances) => void found.push(Array.from(distances)), {
      label: "x",
    });
    found.forEach((distances, i) => {
      table.neighbors(i).forEach(({ index, squaredDistance }) => {
        expect(Math.abs(distances[index] - squaredDistance)).toBeLessThan(1e-4);
      });
    });
  });
});

describe("the experiment with few images", () => {
  it("ends at the unimodal figure when all training images are taken", async () => {
    const all = await unimodal(train, test, { replicates: 100 });
    const { curves, repeats, classes } = await fewImages(train, test, { sizes: [2, 10, 40], repeats: 3 });
    const [{ points }] = curves;
    expect(points.map(({ x }) => x)).toEqual([2, 10, 40]);
    expect(points[2].value).toBeCloseTo(all.mean, 6);
    expect(points[2].overSeeds).toBeCloseTo(0, 9);
    expect(points[0].overSeeds).toBeGreaterThan(0);
    expect([repeats, classes]).toEqual([3, names]);
  });

  it("scores each subset as a search over it does", async () => {
    const { curves } = await fewImages(train, test, {
      sizes: [7],
      repeats: 1,
      seed: 5,
      normalClasses: ["b"],
    });
    const rows = Array.from(train.images?.labels.keys() ?? []).filter((i) => train.images?.labels[i] === 1);
    const chosen = new Random(5).fork("b 0").sample(40, 40).slice(0, 7);
    const table = await new NeighborIndex(train.subset(Array.from(chosen, (i) => rows[i]))).search(test, 2);
    const expected = rocAuc(table.scores(2).values, test.images?.isAnomaly("b") ?? []);
    expect(curves[0].points[0].value).toBeCloseTo(expected, 9);
  });

  it("draws independent subsets where asked for, and gives the same for the same seed", async () => {
    const run = (subsets: "nested" | "independent", seed: number) =>
      fewImages(train, test, { sizes: [3, 6], repeats: 2, subsets, seed });
    expect(await run("independent", 1)).toEqual(await run("independent", 1));
    expect((await run("independent", 1)).curves).not.toEqual((await run("nested", 1)).curves);
    expect((await run("nested", 2)).curves).not.toEqual((await run("nested", 1)).curves);
  });

  it("takes all images as neighbors where there are fewer than k, says so, and refuses sizes out of range", async () => {
    const { definitions } = await fewImages(train, test, { sizes: [2], repeats: 1, k: 5 });
    expect(definitions.join(" ")).toContain("fewer than 5 training images");
    await expect(fewImages(train, test, { sizes: [41] })).rejects.toThrow(/from 1 to 40 .*; got 41/);
    await expect(fewImages(train, test, { sizes: [] })).rejects.toThrow(/got none/);
    await expect(fewImages(train, test, { size: [3] } as never)).rejects.toThrow(/unknown option size/);
  });
});

describe("the experiment with a contaminated training set", () => {
  it("equals contaminating, cleaning and searching by hand", async () => {
    const options = { rates: [0, 0.2], cleaned: [0, 0.5], repeats: 1, seed: 3, normalClasses: ["a"] };
    const { curves } = await contamination(train, test, options);
    const labels = train.images?.labels ?? new Int32Array();
    const all = Array.from(labels.keys());
    const pool = new ContaminationPool(
      train.subset(all.filter((i) => labels[i] === 0)),
      train.subset(all.filter((i) => labels[i] !== 0)),
      new Random(3).fork("a 0"),
      { maxRate: 0.2 },
    );
    const isAnomaly = test.images?.isAnomaly("a") ?? [];
    for (const [r, rate] of options.rates.entries()) {
      const plain = pool.trainingSet(rate);
      const cleaned = (await cleanTrainingSet(plain, { fraction: 0.5 })).features;
      for (const [c, set] of [plain, cleaned].entries()) {
        const table = await new NeighborIndex(set).search(test, 2);
        expect(curves[c].points[r].value).toBeCloseTo(rocAuc(table.scores(2).values, isAnomaly), 12);
      }
    }
  });

  it("loses with contamination and wins some of it back by cleaning", async () => {
    const { curves, definitions } = await contamination(train, test, { rates: [0, 0.3] });
    const [plain, cleaned] = curves.map(({ points }) => points.map(({ value }) => value));
    expect(plain[1]).toBeLessThan(plain[0]);
    expect(cleaned[1]).toBeGreaterThan(plain[1]);
    expect(curves.map(({ name }) => name)).toEqual(["without cleaning", "50 % removed by cleaning"]);
    expect(definitions[0]).toContain("anomalies / all training images");
  });

  it("goes as far as there are anomalies, and refuses to go farther before it begins", async () => {
    const labels = train.images?.labels ?? [];
    const few = train.subset([...labels.keys()].filter((i) => labels[i] === 0 || i % 12 === 0));
    const most = 1 - 40 / few.n;
    expect(most).toBeLessThan(0.2);
    const curve = (await contamination(few, test, { repeats: 1, cleaned: [0] })).curves[0];
    expect(curve.points.map(({ x }) => x)).toEqual([0, 0.02, 0.05, 0.1, 0.2, 0.3].filter((x) => x <= most));
    await expect(contamination(few, test, { rates: [0, 0.2] })).rejects.toThrow(
      /a contamination rate of 0.2 needs more anomalies than the \d+ training images outside class a; take rates up to 0\.1/,
    );
  });

  it("refuses rates above one half, fractions above 0.9, and cleaning that leaves too little", async () => {
    await expect(contamination(train, test, { rates: [0.6] })).rejects.toThrow(/from 0 to 0.5; got 0.6/);
    await expect(contamination(train, test, { cleaned: [1] })).rejects.toThrow(/from 0 to 0.9; got 1/);
    await expect(contamination(train, test, { rates: [0], cleaned: [0.9], k: 10 })).rejects.toThrow(
      /at least k = 10 .* leaves 4/,
    );
  });
});

describe("the K-means experiment", () => {
  it("gives the unimodal figure with as many centers as images, and less with one", async () => {
    const { curves } = await kMeansCenters(train, test, { centers: [1, 40] });
    const [centers, all] = curves;
    const { mean } = await unimodal(train, test, { replicates: 100 });
    expect(all.points[0]).toMatchObject({ x: "all" });
    expect(all.points[0].value).toBeCloseTo(mean, 12);
    expect(centers.points[1].value).toBeCloseTo(mean, 9);
    expect(centers.points[0].value).not.toBeCloseTo(mean, 3);
    await expect(kMeansCenters(train, test, { centers: [50] })).rejects.toThrow(/from 1 to 40 .*; got 50/);
  });
});

describe("the experiment over k", () => {
  it("gives the unimodal figure for each k from one search", async () => {
    const { curves } = await neighborsCurve(train, test, { ks: [5, 1] });
    expect(curves[0].points.map(({ x }) => x)).toEqual([1, 5]);
    for (const { x, value } of curves[0].points) {
      const { mean } = await unimodal(train, test, { k: Number(x), replicates: 100 });
      expect(value).toBeCloseTo(mean, 12);
    }
    await expect(neighborsCurve(train, test, { ks: [0] })).rejects.toThrow(/got 0/);
  });

  it("stops when it is interrupted", async () => {
    await expect(neighborsCurve(train, test, { signal: AbortSignal.abort() })).rejects.toThrow(/interrupted/);
  });
});
