import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { averagePrecision, precisionRecallCurve, rocAuc, rocCurve } from "../../src/metrics/index.js";

interface Case {
  scores: number[];
  labels: number[];
  rocAuc: number;
  averagePrecision: number;
  falsePositiveRate: number[];
  truePositiveRate: number[];
  thresholds: number[];
  precision: number[];
  recall: number[];
  precisionRecallThresholds: number[];
}

const path = new URL("../golden/metrics/golden.json", import.meta.url);
const { cases }: { cases: Case[] } = JSON.parse(readFileSync(path, "utf8"));

function expectNear(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThan(1e-12);
  });
}

describe.each(cases.map((golden, i) => ({ ...golden, i })))("evaluation $i of scikit-learn", (golden) => {
  const { scores, labels } = golden;

  it("has the same ROCAUC and average precision", () => {
    expectNear(
      [rocAuc(scores, labels), averagePrecision(scores, labels)],
      [golden.rocAuc, golden.averagePrecision],
    );
  });

  it("has the same ROC curve", () => {
    const curve = rocCurve(scores, labels);
    expectNear(curve.falsePositiveRate, golden.falsePositiveRate);
    expectNear(curve.truePositiveRate, golden.truePositiveRate);
    expect([...curve.threshold.slice(1)]).toEqual(golden.thresholds);
  });

  it("has the same precision-recall curve, read from the other end", () => {
    const curve = precisionRecallCurve(scores, labels);
    expectNear(curve.precision, [...golden.precision].reverse());
    expectNear(curve.recall, [...golden.recall].reverse());
    expect([...curve.threshold.slice(1)]).toEqual([...golden.precisionRecallThresholds].reverse());
  });
});
