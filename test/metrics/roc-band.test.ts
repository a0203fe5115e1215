import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { rocAucInterval, rocAucIntervalsByK, rocBand, rocCurve } from "../../src/metrics/index.js";
import { normalAbove, normalHalfWidth } from "../../src/metrics/normal-distribution.js";
import { NeighborTable } from "../../src/neighbors/neighbor-table.js";

describe("rocBand", () => {
  it("equals a case by hand", () => {
    // z = 1. One of five normal images above all five anomalies, three of which follow: 3 of 5 at every f in [1/5, 2/5).
    const level = 1 - 2 * normalAbove(1);
    const scores = [9, 5, 3, 1, 0, 8, 7, 4, 2, 6];
    const { falsePositiveRate, low, high } = rocBand(scores, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], {
      level,
      points: 3,
    });
    expect([...falsePositiveRate]).toEqual([0, 0.25, 1]);
    const reach = Math.sqrt((0.25 * 0.75) / 5 + 1 / 100) / 1.2;
    const [stricter, looser] = [0.35 / 1.2 - reach, 0.35 / 1.2 + reach];
    expect(stricter).toBeLessThan(0.2);
    expect(looser).toBeGreaterThan(0.4);
    expect(looser).toBeLessThan(0.6);
    const ofThree = Math.sqrt((0.6 * 0.4) / 5 + 1 / 100) / 1.2;
    expect(low[1]).toBe(0);
    expect(high[1]).toBeCloseTo(Math.min(1, 0.6 + Math.hypot(0.7 / 1.2 + ofThree - 0.6, 0.2)), 12);
  });

  it("lies about the curve, inside the unit square, and widens with the level", () => {
    const images = fc.array(fc.record({ score: fc.integer({ min: -9, max: 9 }), anomaly: fc.boolean() }), {
      minLength: 2,
    });
    fc.assert(
      fc.property(images, (drawn) => {
        const scores = drawn.map((image) => image.score);
        const labels = drawn.map((image, i) => (i < 2 ? i === 0 : image.anomaly));
        const curve = rocCurve(scores, labels);
        const narrow = rocBand(scores, labels, { level: 0.5 });
        const wide = rocBand(scores, labels, { level: 0.99 });
        narrow.falsePositiveRate.forEach((rate, i) => {
          expect(wide.low[i]).toBeLessThanOrEqual(narrow.low[i] + 1e-12);
          expect(wide.high[i]).toBeGreaterThanOrEqual(narrow.high[i] - 1e-12);
          expect(wide.low[i]).toBeGreaterThanOrEqual(0);
          expect(wide.high[i]).toBeLessThanOrEqual(1);
          const before = curve.falsePositiveRate.findLastIndex((x) => x <= rate + 1e-12);
          const after = Math.min(before + 1, curve.truePositiveRate.length - 1);
          expect(narrow.low[i]).toBeLessThanOrEqual(curve.truePositiveRate[after] + 1e-9);
          expect(narrow.high[i]).toBeGreaterThanOrEqual(curve.truePositiveRate[before] - 1e-9);
        });
      }),
    );
  });

  it("covers the true rate at a point about as often as it says", () => {
    const random = new Random("band");
    const labels = Array.from({ length: 240 }, (_, i) => Number(i < 80));
    const points = 21;
    const at = [4, 8, 12];
    const covered = at.map(() => 0);
    for (let run = 0; run < 400; run++) {
      const scores = labels.map((label) => random.normal() + 1.2 * label);
      const { falsePositiveRate, low, high } = rocBand(scores, labels, { level: 0.9, points });
      at.forEach((i, j) => {
        const threshold = normalHalfWidth(Math.abs(1 - 2 * falsePositiveRate[i]));
        const truth = normalAbove(threshold - 1.2);
        if (low[i] <= truth && truth <= high[i]) covered[j]++;
      });
    }
    for (const count of covered) {
      expect(count / 400).toBeGreaterThan(0.86);
      expect(count / 400).toBeLessThan(0.97);
    }
  });

  it("refuses what it cannot use", () => {
    expect(() => rocBand([1, 2], [0, 0])).toThrow(
      "the band of the ROC curve is undefined without any anomaly",
    );
    expect(() => rocBand([1, 2], [0, 1], { level: 2 })).toThrow("level must be above 0 and below 1");
    expect(() => rocBand([1, 2], [0, 1], { points: 1 })).toThrow("got 1");
  });
});

describe("rocAucIntervalsByK", () => {
  it("gives the interval of the scores for every k", () => {
    const table = new NeighborTable({
      kMax: 2,
      distances: Float64Array.of(1, 5, 2, 3, 0, 9, 4, 4, 3, 8),
      indices: new Int32Array(10),
      queryIds: ["a", "b", "c", "d", "e"],
      trainIds: ["t"],
    });
    const labels = [0, 1, 0, 1, 0];
    const found = rocAucIntervalsByK(table, labels, { distance: "euclidean", level: 0.8 });
    [1, 2].forEach((k) => {
      const scores = table.scores(k, { distance: "euclidean" }).values;
      expect(rocAucInterval(scores, labels, { level: 0.8 })).toMatchObject({
        rocAuc: found.rocAuc[k - 1],
        low: found.low[k - 1],
        high: found.high[k - 1],
      });
    });
    expect(found.low).toHaveLength(2);
    expect(rocAucIntervalsByK(table, labels, { kMax: 1 }).high).toHaveLength(1);
    expect(() => rocAucIntervalsByK(table, labels, { kMax: 3 })).toThrow("got 3");
  });
});
