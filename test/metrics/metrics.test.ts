import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  averagePrecision,
  precisionRecallCurve,
  rocAuc,
  rocAucByK,
  rocCurve,
} from "../../src/metrics/index.js";
import { NeighborTable } from "../../src/neighbors/neighbor-table.js";

const evaluation = fc
  .array(fc.record({ score: fc.integer({ min: -9, max: 9 }), anomaly: fc.boolean() }), { minLength: 2 })
  .filter((images) => new Set(images.map((image) => image.anomaly)).size === 2)
  .map((images) => ({ scores: images.map((i) => i.score), labels: images.map((i) => i.anomaly) }));

describe("rocAuc", () => {
  it("is the share of pairs in the right order, ties one half", () => {
    expect(rocAuc([1, 2, 3, 4], [0, 0, 1, 1])).toBe(1);
    expect(rocAuc([4, 3, 2, 1], [0, 0, 1, 1])).toBe(0);
    expect(rocAuc([1, 2, 2, 3], [0, 0, 1, 1])).toBe(3.5 / 4);
    expect(rocAuc([0, -0], [true, false])).toBe(0.5);
    fc.assert(
      fc.property(evaluation, ({ scores, labels }) => {
        let [pairs, right] = [0, 0];
        scores.forEach((a, i) => {
          scores.forEach((b, j) => {
            if (!labels[i] || labels[j]) return;
            pairs++;
            right += a > b ? 1 : a === b ? 0.5 : 0;
          });
        });
        expect(rocAuc(scores, labels)).toBe(right / pairs);
      }),
    );
  });

  it("does not change under increasing maps and turns round with the labels", () => {
    fc.assert(
      fc.property(evaluation, ({ scores, labels }) => {
        const area = rocAuc(scores, labels);
        expect(
          rocAuc(
            scores.map((x) => 1e6 + x ** 3),
            Uint8Array.from(labels, Number),
          ),
        ).toBe(area);
        expect(
          rocAuc(
            scores,
            labels.map((label) => !label),
          ),
        ).toBeCloseTo(1 - area, 12);
      }),
    );
  });

  it("takes infinite scores", () => {
    expect(rocAuc([Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY], [0, 1, 1])).toBe(1);
  });

  it("refuses a missing kind, NaN, lengths that differ and other labels with a sentence", () => {
    expect(() => rocAuc([1, 2], [0, 0])).toThrow(
      "ROCAUC is undefined without any anomaly: it compares anomalies with normal images; got 0 anomalies and 2 normal images",
    );
    expect(() => rocAuc([1, 2], [true, true])).toThrow("ROCAUC is undefined without any normal image");
    expect(() => rocAuc([], [])).toThrow("undefined without any anomaly");
    expect(() => rocAuc([1, Number.NaN], [0, 1])).toThrow("score 1 is NaN");
    expect(() => rocAuc([1, 2], [0])).toThrow("got 2 scores and 1 labels");
    expect(() => rocAuc([1, 2], [0, 2])).toThrow("labels must be 0 (normal) or 1 (anomaly); label 1 is 2");
  });
});

describe("rocCurve", () => {
  it("starts at (0, 0), ends at (1, 1) and has a point for every different score", () => {
    const curve = rocCurve([1, 2, 2, 3], [0, 0, 1, 1]);
    expect([...curve.threshold]).toEqual([Number.POSITIVE_INFINITY, 3, 2, 1]);
    expect([...curve.falsePositiveRate]).toEqual([0, 0, 0.5, 1]);
    expect([...curve.truePositiveRate]).toEqual([0, 0.5, 1, 1]);
  });

  it("encloses the area that rocAuc gives", () => {
    fc.assert(
      fc.property(evaluation, ({ scores, labels }) => {
        const { falsePositiveRate: x, truePositiveRate: y } = rocCurve(scores, labels);
        let area = 0;
        for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
        expect(area).toBeCloseTo(rocAuc(scores, labels), 12);
      }),
    );
  });
});

describe("precisionRecallCurve and averagePrecision", () => {
  it("equal a case by hand", () => {
    const curve = precisionRecallCurve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]);
    expect([...curve.threshold]).toEqual([Number.POSITIVE_INFINITY, 0.8, 0.4, 0.35, 0.1]);
    expect([...curve.precision]).toEqual([1, 1, 1 / 2, 2 / 3, 2 / 4]);
    expect([...curve.recall]).toEqual([0, 0.5, 0.5, 1, 1]);
    expect(averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBeCloseTo(0.5 + 0.5 * (2 / 3), 15);
  });

  it("give the share of anomalies when all scores are equal", () => {
    expect(averagePrecision([1, 1, 1, 1], [0, 1, 0, 0])).toBe(0.25);
    expect(() => averagePrecision([1], [0])).toThrow("average precision is undefined without any anomaly");
    expect(() => precisionRecallCurve([1], [1])).toThrow("is undefined without any normal image");
  });
});

describe("rocAucByK", () => {
  it("gives the area of the scores for every k", () => {
    const table = new NeighborTable({
      kMax: 3,
      distances: Float64Array.of(1, 5, 6, 2, 3, 4, 0, 9, 9),
      indices: new Int32Array(9),
      queryIds: ["a", "b", "c"],
      trainIds: ["t"],
    });
    const labels = [0, 1, 0];
    for (const options of [{}, { distance: "euclidean" }, { statistic: "kth" }] as const) {
      expect([...rocAucByK(table, labels, options)]).toEqual(
        [1, 2, 3].map((k) => rocAuc(table.scores(k, options).values, labels)),
      );
    }
    expect(rocAucByK(table, labels, { kMax: 2 })).toHaveLength(2);
    expect(() => rocAucByK(table, labels, { kMax: 4 })).toThrow("got 4");
  });
});
