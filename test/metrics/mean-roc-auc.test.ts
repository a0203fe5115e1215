import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import {
  compareRocAuc,
  MeanRocAuc,
  rocAuc,
  rocAucInterval,
  smallTestSetWarning,
  spreadOf,
  wideCurveWarning,
} from "../../src/metrics/index.js";

describe("the mean of ROCAUCs of the same images", () => {
  it("is DeLong's interval for one area", () => {
    const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(scores, (values) => {
        const labels = values.map((_, i) => i % 2);
        const mean = new MeanRocAuc(labels);
        mean.add(values, labels);
        const [found, expected] = [mean.interval(), rocAucInterval(values, labels)];
        expect(found.rocAuc).toBeCloseTo(expected.rocAuc, 12);
        expect(found.standardError).toBeCloseTo(expected.standardError, 9);
        expect(found.low).toBeCloseTo(expected.low, 9);
      }),
    );
  });

  it("differs from another's as DeLong's comparison says for one area", () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
      minLength: 8,
      maxLength: 40,
    });
    fc.assert(
      fc.property(pairs, (values) => {
        const labels = values.map((_, i) => i % 2);
        const [a, b] = [values.map(([x]) => x), values.map(([, y]) => y)];
        const [first, second] = [new MeanRocAuc(labels), new MeanRocAuc(labels)];
        first.add(a, labels);
        second.add(b, labels);
        const [found, expected] = [first.less(second), compareRocAuc(a, b, labels)];
        expect(found.difference).toBeCloseTo(expected.difference, 12);
        expect(found.standardError).toBeCloseTo(expected.standardError, 7);
        expect(found.low).toBeCloseTo(expected.low, 6);
      }),
    );
  });

  it("is compared with the mean of as many areas of the same images only", () => {
    const mean = new MeanRocAuc([0, 0, 1, 1]);
    expect(() => mean.less(new MeanRocAuc([0, 0, 1, 1]))).toThrow(/at least one area/);
    expect(() => mean.less(new MeanRocAuc([0, 1]))).toThrow(/the same test images; got 4 and 2/);
    mean.add([1, 2, 3, 4], [0, 0, 1, 1]);
    expect(mean.less(mean)).toMatchObject({ difference: 0, low: 0, high: 0, standardError: 0 });
  });

  it("has the standard error that drawing the images of each class anew gives", () => {
    const random = new Random(5);
    const classes = Array.from({ length: 240 }, (_, i) => i % 3);
    const quality = classes.map(() => random.normal());
    const scoresOf = (normal: number) =>
      classes.map((c, i) => quality[i] + random.normal() + (c === normal ? 0 : 1 + 0.3 * c));
    const experiments = [0, 1, 2].map((normal) => ({
      scores: scoresOf(normal),
      labels: classes.map((c) => Number(c !== normal)),
    }));
    const mean = new MeanRocAuc(classes);
    const areas = experiments.map(({ scores, labels }) => mean.add(scores, labels));
    expect(mean.mean).toBeCloseTo(areas.reduce((sum, area) => sum + area) / 3, 12);
    const members = [0, 1, 2].map((c) => classes.flatMap((own, i) => (own === c ? [i] : [])));
    const drawn = Array.from({ length: 1500 }, () => {
      const taken = members.flatMap((rows) => rows.map(() => rows[random.integer(rows.length)]));
      const take = (values: number[]) => taken.map((i) => values[i]);
      return experiments.reduce((sum, e) => sum + rocAuc(take(e.scores), take(e.labels)) / 3, 0);
    });
    const center = drawn.reduce((sum, value) => sum + value) / drawn.length;
    const error = Math.sqrt(
      drawn.reduce((sum, value) => sum + (value - center) ** 2, 0) / (drawn.length - 1),
    );
    expect(Math.abs(mean.standardError / error - 1)).toBeLessThan(0.06);
  });

  it("widens by what other sources add, and refuses other images and an empty mean", () => {
    const mean = new MeanRocAuc([0, 0, 1, 1]);
    expect(() => mean.interval()).toThrow(/at least one area/);
    mean.add([1, 3, 2, 4], [0, 0, 1, 1]);
    const { standardError } = mean.interval();
    expect(mean.interval({ extraVariance: 1 }).standardError).toBeCloseTo(Math.hypot(standardError, 1), 12);
    expect(() => mean.add([1, 2], [0, 1])).toThrow(/the same 4 images; got 2/);
  });
});

describe("the spread", () => {
  it("tells classes from seeds", () => {
    // Two seeds, three classes: means of seeds 2 and 4, of classes 2, 3 and 4.
    const spread = spreadOf([
      [1, 2, 3],
      [3, 4, 5],
    ]);
    expect(spread.mean).toBe(3);
    expect(spread.overSeeds).toBeCloseTo(Math.SQRT2, 12);
    expect(spread.overClasses).toBeCloseTo(1, 12);
  });

  it("has no spread over one seed or one class, and refuses rows of different length", () => {
    expect(spreadOf([[0.5]])).toEqual({ mean: 0.5 });
    expect(() => spreadOf([[1, 2], [1]])).toThrow(/equally many values for every seed.*2, 1/);
    expect(() => spreadOf([])).toThrow(/got none/);
  });
});

describe("the warning of a small test set", () => {
  it("comes with a wide interval, with few images of a kind and with an interval that is a point", () => {
    const counts = { normal: 10, anomalous: 52 };
    expect(smallTestSetWarning({ low: 0.5, high: 0.8, level: 0.95 }, counts)).toContain(
      "10 normal and 52 anomalous test images the 95 % interval of ROCAUC spans 30.0 points",
    );
    expect(smallTestSetWarning({ low: 1, high: 1, level: 0.95 }, counts)).toContain("leaves no interval");
    const many = { normal: 1000, anomalous: 9000 };
    expect(smallTestSetWarning({ low: 0.86, high: 0.88, level: 0.95 }, many)).toBeUndefined();
  });

  it("says of a curve how wide its widest interval is, or that one has no width", () => {
    const curve = (...intervals: [number, number][]) => ({
      points: intervals.map((interval) => ({ interval })),
    });
    const narrow = curve([0.8, 0.83], [0.81, 0.84]);
    expect(wideCurveWarning([narrow, curve([0.8, 0.83], [0.7, 0.825])])).toContain(
      "the 95 % interval of a point spans up to 12.5 points",
    );
    expect(wideCurveWarning([curve([0.9583, 0.9583]), narrow])).toContain("a point has no interval");
    expect(wideCurveWarning([narrow, narrow])).toBeUndefined();
    expect(wideCurveWarning([])).toBeUndefined();
  });
});
