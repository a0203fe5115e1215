import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { bootstrapComparison, bootstrapIntervals } from "../../src/metrics/bootstrap.js";
import {
  averagePrecision,
  compareRocAuc,
  falsePositiveRateAt,
  rocAuc,
  rocAucInterval,
} from "../../src/metrics/index.js";
import { RankedScores } from "../../src/metrics/resampling.js";

interface GoldenCase {
  first: number[];
  second: number[];
  labels: number[];
  measures: number[];
  resamples: { normal: number[]; anomalous: number[]; measures: number[] }[];
  low: number[];
  high: number[];
  standardError: number[];
}

const { cases } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../golden/metrics/bootstrap.json"), "utf8"),
) as { cases: GoldenCase[] };

describe("the false positive rate at a true positive rate", () => {
  it("counts the normal images above the strictest threshold that finds enough anomalies", () => {
    // Falling: anomaly 9, normal 8, anomaly 7, normal 5 and anomaly 5 tied, normal 1.
    const [scores, labels] = [
      [9, 8, 7, 5, 5, 1],
      [1, 0, 1, 0, 1, 0],
    ];
    expect(falsePositiveRateAt(scores, labels, { truePositiveRate: 1 / 3 })).toBe(0);
    expect(falsePositiveRateAt(scores, labels, { truePositiveRate: 0.6 })).toBeCloseTo(1 / 3, 12);
    expect(falsePositiveRateAt(scores, labels)).toBeCloseTo(2 / 3, 12);
    expect(() => falsePositiveRateAt(scores, labels, { truePositiveRate: 0 })).toThrow(
      /above 0 and at most 1/,
    );
  });

  it("equals scikit-learn's", () => {
    for (const { first, labels, measures } of cases) {
      expect(falsePositiveRateAt(first, labels)).toBeCloseTo(measures[2], 12);
    }
  });
});

describe("the bootstrap", () => {
  it("counts the measures of a resample as scikit-learn does", () => {
    for (const { first, labels, measures, resamples } of cases) {
      const ranked = new RankedScores(first, labels, 0.95);
      const whole = ranked.measure(ranked.everyImage());
      expect(whole.rocAuc).toBeCloseTo(measures[0], 12);
      expect(whole.averagePrecision).toBeCloseTo(measures[1], 12);
      expect(whole.falsePositiveRate).toBeCloseTo(measures[2], 12);
      for (const { normal, anomalous, measures: expected } of resamples) {
        const found = ranked.measure({
          normal: Int32Array.from(normal),
          anomalous: Int32Array.from(anomalous),
        });
        expect([found.rocAuc, found.averagePrecision, found.falsePositiveRate]).toEqual(
          expected.map((value) => expect.closeTo(value, 12)),
        );
      }
    }
  });

  it("gives the intervals of 20,000 resamples drawn elsewhere, within the error of its own 4,000", async () => {
    for (const { first, second, labels, low, high, standardError } of cases) {
      const found = await bootstrapIntervals(first, labels, new Random(1), { replicates: 4000 });
      const compared = await bootstrapComparison(first, second, labels, new Random(2), { replicates: 4000 });
      const all = [found.rocAuc, found.averagePrecision, found.falsePositiveRate, compared.difference];
      for (const [i, interval] of all.entries()) {
        const tolerance = 0.2 * standardError[i];
        expect(Math.abs(interval.low - low[i])).toBeLessThan(tolerance);
        expect(Math.abs(interval.high - high[i])).toBeLessThan(tolerance);
        expect(Math.abs(interval.standardError - standardError[i])).toBeLessThan(tolerance);
      }
    }
  });

  it("agrees with DeLong's intervals and comparison", async () => {
    for (const { first, second, labels } of cases) {
      const formula = rocAucInterval(first, labels);
      const { rocAuc: drawn } = await bootstrapIntervals(first, labels, new Random(3), { replicates: 4000 });
      expect(drawn.value).toBeCloseTo(formula.rocAuc, 12);
      expect(Math.abs(drawn.low - formula.low)).toBeLessThan(0.3 * formula.standardError);
      expect(Math.abs(drawn.high - formula.high)).toBeLessThan(0.3 * formula.standardError);
      const pair = compareRocAuc(first, second, labels);
      const { difference, pValue } = await bootstrapComparison(first, second, labels, new Random(4), {
        replicates: 4000,
      });
      expect(difference.value).toBeCloseTo(pair.difference, 12);
      expect(Math.abs(difference.standardError / pair.standardError - 1)).toBeLessThan(0.1);
      expect(Math.abs(pValue - pair.pValue)).toBeLessThan(0.05);
    }
  });

  it("gives the same interval for the same seed and another for another", async () => {
    const { first, labels } = cases[0];
    const run = (seed: number) => bootstrapIntervals(first, labels, new Random(seed), { replicates: 100 });
    expect(await run(7)).toEqual(await run(7));
    expect(await run(7)).not.toEqual(await run(8));
  });

  it("finds no difference between equal scores, and compares other measures", async () => {
    const { first, second, labels } = cases[0];
    const same = await bootstrapComparison(first, first, labels, new Random(1), { replicates: 100 });
    expect(same.pValue).toBe(1);
    expect(same.difference).toMatchObject({ value: 0, low: 0, high: 0 });
    const other = await bootstrapComparison(first, second, labels, new Random(1), {
      replicates: 100,
      measure: "averagePrecision",
    });
    expect(other.first.value).toBeCloseTo(averagePrecision(first, labels), 12);
    expect(other.second.value).not.toBeCloseTo(rocAuc(second, labels), 3);
  });

  it("refuses too few resamples, a level out of range and unknown options", async () => {
    const run = (options: object) => bootstrapIntervals([1, 2], [0, 1], new Random(0), options);
    await expect(run({ replicates: 5 })).rejects.toThrow(/replicates must be .* from 100/);
    await expect(run({ level: 95 })).rejects.toThrow(/level must be above 0 and below 1/);
    await expect(run({ samples: 5 })).rejects.toThrow(/unknown option samples/);
    await expect(
      bootstrapComparison([1, 2], [1, 2], [0, 1], new Random(0), { measure: "accuracy" as never }),
    ).rejects.toThrow(/unknown measure: accuracy/);
  });

  it("stops when it is interrupted", async () => {
    await expect(
      bootstrapIntervals([1, 2], [0, 1], new Random(0), { signal: AbortSignal.abort() }),
    ).rejects.toThrow(/interrupted/);
  });
});
