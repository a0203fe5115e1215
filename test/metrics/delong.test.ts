import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { compareRocAuc, rocAuc, rocAucInterval } from "../../src/metrics/index.js";
import { normalAbove, normalHalfWidth } from "../../src/metrics/normal-distribution.js";

interface Case {
  first: number[];
  second: number[];
  labels: number[];
  level: number;
  areas: [number, number];
  standardErrors: [number, number];
  low: [number, number];
  high: [number, number];
  covariance: number;
  difference: number;
  standardError: number;
  differenceLow: number;
  differenceHigh: number;
  pValue: number;
}

const path = new URL("../golden/metrics/delong.json", import.meta.url);
const golden: {
  cases: Case[];
  normal: { z: number[]; above: number[]; levels: number[]; halfWidths: number[] };
} = JSON.parse(readFileSync(path, "utf8"));

describe("DeLong's intervals", () => {
  it.each(golden.cases.map((one, i) => ({ ...one, i })))(
    "equal the definition over all pairs, case $i",
    (one) => {
      const { level, labels } = one;
      const found = compareRocAuc(one.first, one.second, labels, { level });
      [one.first, one.second].forEach((scores, i) => {
        const interval = rocAucInterval(scores, labels, { level });
        const paired = i === 0 ? found.first : found.second;
        expect(paired.rocAuc).toBe(interval.rocAuc);
        expect(paired.standardError).toBeCloseTo(interval.standardError, 14);
        expect(interval.rocAuc).toBe(rocAuc(scores, labels));
        expect(interval.rocAuc).toBeCloseTo(one.areas[i], 13);
        expect(interval.standardError).toBeCloseTo(one.standardErrors[i], 13);
        expect(interval.low).toBeCloseTo(one.low[i], 12);
        expect(interval.high).toBeCloseTo(one.high[i], 12);
        expect(interval.level).toBe(level);
      });
      expect(found.covariance).toBeCloseTo(one.covariance, 13);
      expect(found.difference).toBeCloseTo(one.difference, 13);
      expect(found.standardError).toBeCloseTo(one.standardError, 13);
      expect(found.low).toBeCloseTo(one.differenceLow, 12);
      expect(found.high).toBeCloseTo(one.differenceHigh, 12);
      expect(found.pValue).toBeCloseTo(one.pValue, 12);
    },
  );

  it("equal a case by hand", () => {
    // Placements of the anomalies 1, 1/2 and of the normal images 1, 1/2 about the area 3/4: variance 1/8 each.
    const { rocAuc, standardError, low, high } = rocAucInterval([0, 2, 3, 1], [0, 0, 1, 1]);
    expect(rocAuc).toBe(0.75);
    expect(standardError).toBeCloseTo(Math.sqrt(1 / 16 + 1 / 16), 14);
    expect(low).toBeCloseTo(0.75 - 1.959964 * Math.sqrt(1 / 8), 6);
    expect(high).toBe(1);
  });

  it("do not change under increasing maps and turn round with the labels", () => {
    const images = fc.array(fc.record({ score: fc.integer({ min: -9, max: 9 }), anomaly: fc.boolean() }), {
      minLength: 4,
    });
    fc.assert(
      fc.property(images, (drawn) => {
        const scores = drawn.map((image) => image.score);
        const labels = drawn.map((image, i) => (i < 4 ? i % 2 === 0 : image.anomaly));
        const found = rocAucInterval(scores, labels);
        const mapped = scores.map((score) => Math.exp(score / 3));
        expect(rocAucInterval(mapped, labels)).toEqual(found);
        const turned = rocAucInterval(
          scores,
          labels.map((label) => !label),
        );
        expect(turned.rocAuc).toBeCloseTo(1 - found.rocAuc, 12);
        expect(turned.standardError).toBeCloseTo(found.standardError, 12);
        const same = compareRocAuc(scores, mapped, labels);
        expect([same.difference, same.pValue]).toEqual([0, 1]);
        expect(same.standardError).toBeCloseTo(0, 7);
      }),
    );
  });

  it("cover the true area about as often as they say", () => {
    const random = new Random("coverage");
    const truth = 1 - normalAbove(1 / Math.SQRT2);
    const labels = Array.from({ length: 120 }, (_, i) => Number(i < 40));
    let covered = 0;
    for (let run = 0; run < 500; run++) {
      const scores = labels.map((label) => random.normal() + label);
      const { low, high } = rocAucInterval(scores, labels, { level: 0.9 });
      if (low <= truth && truth <= high) covered++;
    }
    expect(covered / 500).toBeGreaterThan(0.87);
    expect(covered / 500).toBeLessThan(0.93);
  });

  it("are a point where all anomalies score above all normal images", () => {
    expect(rocAucInterval([1, 2, 3, 4], [0, 0, 1, 1])).toMatchObject({ rocAuc: 1, low: 1, high: 1 });
    expect(compareRocAuc([1, 2, 3, 4], [4, 3, 2, 1], [0, 0, 1, 1])).toMatchObject({
      difference: 1,
      low: 1,
      high: 1,
      pValue: 0,
    });
  });

  it("refuse too few images, a level out of range and unknown options with a sentence", () => {
    expect(() => rocAucInterval([1, 2, 3], [0, 0, 1])).toThrow(
      "needs at least two anomalies and two normal images; got 1 and 2",
    );
    expect(() => rocAucInterval([1, 2, 3], [0, 0, 0])).toThrow("undefined without any anomaly");
    expect(() => compareRocAuc([1, 2, 3, 4], [1, 2, 3], [0, 0, 1, 1])).toThrow("got 3 scores and 4 labels");
    for (const level of [0, 1, 95, Number.NaN]) {
      expect(() => rocAucInterval([1, 2, 3, 4], [0, 0, 1, 1], { level })).toThrow(
        `level must be above 0 and below 1, for example 0.95; got ${level}`,
      );
    }
    expect(() => rocAucInterval([1, 2], [0, 1], { alpha: 0.05 } as never)).toThrow("unknown option alpha");
  });
});

describe("the normal distribution", () => {
  it("equals scipy's", () => {
    golden.normal.z.forEach((z, i) => {
      const expected = golden.normal.above[i];
      expect(Math.abs(normalAbove(z) / expected - 1)).toBeLessThan(1e-8);
      expect(normalAbove(z)).toBeCloseTo(expected, 14);
      expect(normalAbove(-z)).toBeCloseTo(1 - expected, 14);
    });
    golden.normal.levels.forEach((level, i) => {
      expect(normalHalfWidth(level)).toBeCloseTo(golden.normal.halfWidths[i], 10);
    });
    expect(normalAbove(50)).toBe(0);
  });
});
