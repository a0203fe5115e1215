import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { makeTargets, wholeTargets } from "../../src/distillation/index.js";

describe("targets", () => {
  test("of directions on a line through two axes are their distances along it, over one standard deviation", async () => {
    const features = Float32Array.of(2, 0, 0, 5, 3, 0, 0, 1);
    const { data, keptVariance } = await makeTargets([{ features, d: 2 }], 1);
    expect(Array.from(data, Math.abs)).toEqual([1, 1, 1, 1].map((v) => expect.closeTo(v, 5)));
    expect(Math.sign(data[0])).toBe(-Math.sign(data[1]));
    expect(Math.sign(data[0])).toBe(Math.sign(data[2]));
    expect(keptVariance).toBeCloseTo(1, 6);
  });

  test("keep the ratios of all distances when no component is dropped, have mean 0 and standard deviation 1", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 7, max: 12 }),
        fc.integer({ min: 2, max: 5 }),
        fc.integer(),
        async (n, d, seed) => {
          const random = new Random(seed);
          const features = Float32Array.from({ length: n * d }, () => 0.1 + random.uniform());
          const { data } = await makeTargets([{ features, d }], d);
          const rows = (x: Float32Array) => Array.from({ length: n }, (_, i) => x.subarray(i * d, i * d + d));
          const unit = rows(features).map((row) => row.map((v) => v / Math.hypot(...row)));
          const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((v, j) => v - b[j]));
          const targets = rows(data);
          const ratio = distance(targets[0], targets[1]) / distance(unit[0], unit[1]);
          expect(distance(targets[1], targets[2]) / distance(unit[1], unit[2])).toBeCloseTo(ratio, 2);
          const mean = data.reduce((sum, v) => sum + v, 0) / data.length;
          const square = data.reduce((sum, v) => sum + v * v, 0) / data.length;
          expect(mean).toBeCloseTo(0, 3);
          expect(square).toBeCloseTo(1, 3);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("of several teachers are distances in which all have the same say, whatever the length and spread of their features", async () => {
    const random = new Random(3);
    const n = 40;
    const view = (d: number, offset: number, spread: number) => ({
      d,
      features: Float32Array.from({ length: n * d }, () => offset + spread * random.uniform()),
    });
    const views = [view(3, 1, 0.2), view(5, 20, 30)];
    const { data, size, keptVariance } = await makeTargets(views, 8);
    expect([size, data.length]).toEqual([8, 8 * n]);
    expect(keptVariance).toBeCloseTo(1, 5);
    const alone = await Promise.all(views.map((one) => makeTargets([one], one.d)));
    for (const [a, b] of [
      [0, 1],
      [5, 17],
      [38, 39],
    ]) {
      const squared = (rows: Float32Array, d: number) => {
        let sum = 0;
        for (let j = 0; j < d; j++) sum += (rows[a * d + j] - rows[b * d + j]) ** 2;
        return sum;
      };
      // one teacher's targets have variance d in all; joined, both have half of the 8
      const expected = alone.reduce(
        (sum, targets, i) => sum + (4 * squared(targets.data, views[i].d)) / views[i].d,
        0,
      );
      expect(squared(data, 8)).toBeCloseTo(expected, 2);
    }
  });

  test("of fewer components keep the largest share of the variance of all teachers", async () => {
    const random = new Random(4);
    const features = Float32Array.from(
      { length: 60 * 6 },
      (_, i) => 2 + (i % 6 === 0 ? 1 : 0.01) * random.normal(),
    );
    const twice = await makeTargets(
      [
        { features, d: 6 },
        { features: features.slice(), d: 6 },
      ],
      1,
    );
    const once = await makeTargets([{ features, d: 6 }], 1);
    expect(twice.keptVariance).toBeCloseTo(once.keptVariance, 5);
    expect([...twice.data].map(Math.abs)).toEqual([...once.data].map((v) => expect.closeTo(Math.abs(v), 3)));
  });

  test("refuse teachers that saw different numbers of images", async () => {
    const views = [2, 3].map((n) => ({ d: 2, features: new Float32Array(2 * n).fill(1) }));
    await expect(makeTargets(views, 1)).rejects.toThrow("the same images; they saw 2, 3");
  });

  test("without a loss are the features of length 1, centred and scaled, in the same memory", () => {
    const features = Float32Array.of(3, 4, 0, 2, -1, 0);
    const { data, size, keptVariance } = wholeTargets(features, 2);
    expect(data).toBe(features);
    expect([size, keptVariance]).toEqual([2, 1]);
    const [x, y] = [
      [0.6, 0, -1],
      [0.8, 1, 0],
    ];
    const center = (list: number[]) => list.map((value) => value - list.reduce((sum, v) => sum + v) / 3);
    const rows = center(x).flatMap((value, i) => [value, center(y)[i]]);
    const deviation = Math.sqrt(rows.reduce((sum, value) => sum + value ** 2, 0) / 6);
    expect([...data]).toEqual(rows.map((value) => expect.closeTo(value / deviation, 5)));
    expect(() => wholeTargets(Float32Array.of(1, 1, 2, 2), 2)).toThrow("must differ from image to image");
  });

  test("refuse a feature that is all zero, naming its position", async () => {
    await expect(makeTargets([{ features: Float32Array.of(1, 0, 0, 0), d: 2 }], 1)).rejects.toThrow(
      "feature 1 must not be all zero",
    );
  });

  test("refuse more components than a feature has numbers", async () => {
    await expect(makeTargets([{ features: new Float32Array(8).fill(1), d: 2 }], 3)).rejects.toThrow(
      "from 1 to 2",
    );
  });
});
