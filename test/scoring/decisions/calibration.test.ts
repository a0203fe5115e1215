import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.js";
import { Features } from "../../../src/extractors/index.js";
import { NeighborIndex } from "../../../src/neighbors/index.js";
import { benjaminiHochberg } from "../../../src/scoring/decisions/benjamini-hochberg.js";
import { betaBelow, betaQuantile } from "../../../src/scoring/decisions/beta-distribution.js";
import { Calibration } from "../../../src/scoring/decisions/calibration.js";
import { calibrateByLeavingOneOut } from "../../../src/scoring/decisions/leave-one-out.js";

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../golden/scoring/golden.json"), "utf8"),
) as { betaQuantiles: [number, number, number, number][]; adjusted: [number[], number[]][] };

describe("conformal p-values", () => {
  it("count the normal scores that are at least as large, and the new one", () => {
    const calibration = new Calibration([3, 1, 2, 2]);
    expect(Array.from(calibration.pValues([0, 1, 2, 2.5, 3, 9]))).toEqual([1, 1, 0.8, 0.4, 0.4, 0.2]);
    expect(String(calibration)).toBe("Calibration: 4 held-out normal scores, smallest p-value 0.20");
  });

  it("are at most a for at most a share a of new normal images: 20,000 simulated calibrations", () => {
    const random = new Random(2005);
    const rates = [0.05, 0.1, 0.37];
    const alarms = rates.map(() => 0);
    const trials = 20_000;
    for (let trial = 0; trial < trials; trial++) {
      const normal = Array.from({ length: 39 }, () => random.normal() ** 3);
      const [p] = new Calibration(normal).pValues([random.normal() ** 3]);
      rates.forEach((rate, i) => {
        if (p <= rate) alarms[i]++;
      });
    }
    for (const [i, rate] of rates.entries()) {
      const exact = Math.floor(rate * 40 + 1e-9) / 40;
      const error = Math.sqrt((exact * (1 - exact)) / trials);
      expect(exact).toBeLessThanOrEqual(rate);
      expect(Math.abs(alarms[i] / trials - exact)).toBeLessThan(3.5 * error);
    }
  });

  it("keep the rate also where scores are tied, being cautious", () => {
    const random = new Random(7);
    let alarms = 0;
    for (let trial = 0; trial < 10_000; trial++) {
      const normal = Array.from({ length: 19 }, () => random.integer(4));
      if (new Calibration(normal).pValues([random.integer(4)])[0] <= 0.1) alarms++;
    }
    expect(alarms / 10_000).toBeLessThan(0.1);
  });

  it("nearly keep the rate by leaving one training image out, on the cautious side", async () => {
    const random = new Random(3);
    const draw = (name: string, n: number) =>
      Features.fromRows(
        Array.from({ length: n }, () => [random.normal(), random.normal(), random.normal()]),
        { ids: Array.from({ length: n }, (_, i) => `${name} ${i}`), extractor: "cloud" },
      );
    let alarms = 0;
    for (let trial = 0; trial < 60; trial++) {
      const train = draw("train", 49);
      const calibration = await calibrateByLeavingOneOut(train);
      const table = await new NeighborIndex(train).search(draw("new", 100), 2);
      for (const p of calibration.pValues(table.scores(2).values)) if (p <= 0.1) alarms++;
    }
    expect(alarms / 6000).toBeLessThan(0.11);
    expect(alarms / 6000).toBeGreaterThan(0.06);
  });

  it("refuse nothing, NaN and an unknown source", () => {
    expect(() => new Calibration([])).toThrow(/needs normal scores; got none/);
    expect(() => new Calibration([1, Number.NaN])).toThrow(/got NaN/);
    expect(() => new Calibration([1], { source: "guess" as never })).toThrow(/unknown source: guess/);
    expect(() => new Calibration([1]).pValues([Number.NaN])).toThrow(/score 0 is NaN/);
  });
});

describe("a threshold at a false-alarm rate", () => {
  it("calls the scores whose p-value is at most the rate", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 19, maxLength: 60 }),
        fc.array(fc.integer({ min: -1, max: 22 }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom(0.05, 0.1, 0.25, 0.6),
        (normal, scores, rate) => {
          const calibration = new Calibration(normal);
          const { value } = calibration.threshold(rate);
          const p = calibration.pValues(scores);
          scores.forEach((score, i) => {
            expect(score > value).toBe(p[i] <= rate * (1 + 1e-12));
          });
        },
      ),
    );
  });

  it("has an interval of its true rate that covers as often as it says", () => {
    const random = new Random(11);
    let covered = 0;
    for (let trial = 0; trial < 4000; trial++) {
      const calibration = new Calibration(Array.from({ length: 99 }, () => random.uniform()));
      const { value, low, high } = calibration.threshold(0.1, { level: 0.9 });
      if (low <= 1 - value && 1 - value <= high) covered++;
    }
    expect(Math.abs(covered / 4000 - 0.9)).toBeLessThan(0.02);
  });

  it("says how many normal scores a rate needs", () => {
    const calibration = new Calibration([1, 2, 3]);
    expect(() => calibration.threshold(0.05)).toThrow(/needs at least 19 normal scores; got 3/);
    expect(() => calibration.threshold(0)).toThrow(/above 0 and below 1/);
    expect(calibration.threshold(0.25).value).toBe(3);
    expect(() => calibration.threshold(0.25, { level: 2 })).toThrow(/level must be/);
  });
});

describe("beta quantiles", () => {
  it("equal scipy's, and invert the distribution function", () => {
    for (const [share, a, b, expected] of golden.betaQuantiles) {
      expect(betaQuantile(share, a, b)).toBeCloseTo(expected, 9);
      expect(betaBelow(expected, a, b)).toBeCloseTo(share, 9);
    }
    expect([betaBelow(0, 2, 3), betaBelow(1, 2, 3)]).toEqual([0, 1]);
  });
});

describe("Benjamini and Hochberg's procedure", () => {
  it("works by hand", () => {
    // Limits 0.05 x place / 4: 0.0125, 0.025, 0.0375, 0.05; the third smallest is below its limit, so three are called.
    const { isDiscovery, count, largestPValue } = benjaminiHochberg([0.03, 0.9, 0.001, 0.026], 0.05);
    expect(Array.from(isDiscovery)).toEqual([1, 0, 1, 1]);
    expect([count, largestPValue]).toEqual([3, 0.03]);
  });

  it("adjusts p-values as scipy does", () => {
    for (const [pValues, expected] of golden.adjusted) {
      const { adjusted } = benjaminiHochberg(pValues, 0.1);
      expected.forEach((value, i) => {
        expect(adjusted[i]).toBeCloseTo(value, 12);
      });
    }
  });

  it("keeps the share of normal images among those called, with conformal p-values", () => {
    const random = new Random(2023);
    let share = 0;
    for (let trial = 0; trial < 600; trial++) {
      const calibration = new Calibration(Array.from({ length: 199 }, () => random.normal()));
      const scores = Array.from({ length: 50 }, (_, i) => random.normal() + (i < 10 ? 3 : 0));
      const { isDiscovery, count } = benjaminiHochberg(calibration.pValues(scores), 0.2);
      const wrong = isDiscovery.subarray(10).reduce((sum, one) => sum + one, 0);
      share += wrong / Math.max(1, count) / 600;
    }
    expect(share).toBeLessThan(0.2);
    expect(share).toBeGreaterThan(0.1);
  });

  it("calls none where none is small, and refuses what is no p-value or rate", () => {
    expect(benjaminiHochberg([0.5, 0.9], 0.1)).toMatchObject({ count: 0, largestPValue: 0 });
    expect(benjaminiHochberg([], 0.1).count).toBe(0);
    expect(() => benjaminiHochberg([0.5, 1.5], 0.1)).toThrow(/number 1 is 1.5/);
    expect(() => benjaminiHochberg([0.5], 5)).toThrow(/above 0 and below 1/);
  });
});
