import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { Features } from "../../src/extractors/index.js";
import { NeighborIndex, NeighborTable } from "../../src/neighbors/index.js";
import { supportedK } from "../../src/protocols/index.js";
import { neighborCounts } from "../../src/scoring/hubs.js";
import { rankCorrelation, stabilityByK } from "../../src/scoring/stability.js";

const { rankCorrelations } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../golden/scoring/golden.json"), "utf8"),
) as { rankCorrelations: [number[], number[], number][] };

function cloud(name: string, n: number, random: Random): Features {
  return Features.fromRows(
    Array.from({ length: n }, () => Array.from({ length: 5 }, () => random.normal())),
    { ids: Array.from({ length: n }, (_, i) => `${name} ${i}`), extractor: "cloud" },
  );
}

describe("hubs and orphans", () => {
  it("are counted from the neighbors", () => {
    const table = new NeighborTable({
      kMax: 2,
      distances: Float64Array.of(1, 2, 1, 2, 1, 2),
      indices: Int32Array.of(1, 0, 1, 3, 1, 3),
      queryIds: ["a", "b", "c"],
      trainIds: ["p", "q", "r", "s"],
    });
    const all = neighborCounts(table, { hub: 2 });
    expect(Array.from(all.counts)).toEqual([1, 3, 0, 2]);
    expect([Array.from(all.hubs), Array.from(all.orphans)]).toEqual([[1], [2]]);
    expect(Array.from(neighborCounts(table, { k: 1 }).counts)).toEqual([0, 3, 0, 0]);
    expect(neighborCounts(table, { k: 1 }).skewness).toBeGreaterThan(1);
    expect(() => neighborCounts(table, { k: 3 })).toThrow(/k must be .* got 3/);
    expect(() => neighborCounts(table, { hub: 1 })).toThrow(/hub must be above 1/);
  });
});

describe("rank correlation", () => {
  it("equals scipy's, ties included", () => {
    for (const [a, b, expected] of rankCorrelations) expect(rankCorrelation(a, b)).toBeCloseTo(expected, 12);
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBe(0);
  });
});

describe("the label-free stability of k", () => {
  it("is higher where scores rest on more neighbors of a cloud, and is the same for the same seed", async () => {
    const random = new Random(1);
    const [train, images] = [cloud("train", 80, random), cloud("new", 60, random)];
    const run = () => stabilityByK(train, images, new Random(2), { kMax: 12 });
    const { correlation, standardError, k } = await run();
    expect(correlation[9]).toBeGreaterThan(correlation[0]);
    expect(standardError.every((value) => value >= 0)).toBe(true);
    const best = correlation.indexOf(Math.max(...correlation));
    expect(correlation[k - 1]).toBeGreaterThanOrEqual(correlation[best] - standardError[best]);
    expect(k).toBeLessThanOrEqual(best + 1);
    expect(await run()).toEqual({ correlation, standardError, k });
  });

  it("refuses a k above half of the training images and a handful of images", async () => {
    const random = new Random(1);
    const train = cloud("train", 10, random);
    await expect(stabilityByK(train, train, random, { kMax: 6 })).rejects.toThrow(/from 1 to 5 .*; got 6/);
    await expect(stabilityByK(train, train.subset([0, 1]), random)).rejects.toThrow(/three images; got 2/);
  });
});

describe("the k that test images support", () => {
  it("are those that cannot be told from the best on the same images", async () => {
    const random = new Random(4);
    const train = cloud("train", 60, random);
    const test = cloud("test", 200, random);
    for (let i = 0; i < 100; i++) test.data[5 * i] += 2.5;
    const isAnomaly = Uint8Array.from({ length: 200 }, (_, i) => Number(i < 100));
    const table = await new NeighborIndex(train).search(test, 60);
    const { best, supported, rocAuc, low, high, pValue } = supportedK(table, isAnomaly);
    expect(supported).toContain(best);
    expect(pValue[best - 1]).toBe(1);
    expect(rocAuc[best - 1]).toBe(Math.max(...rocAuc));
    for (const k of supported) expect(pValue[k - 1]).toBeGreaterThan(0.05);
    expect(low[0]).toBeLessThan(rocAuc[0]);
    expect(high[0]).toBeGreaterThan(rocAuc[0]);
    expect(() => supportedK(table, isAnomaly, { kMax: 61 })).toThrow(/kMax must be/);
  });
});
