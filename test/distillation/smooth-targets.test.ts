import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { smoothTargets, type Targets } from "../../src/distillation/index.js";

describe("smoothed targets", () => {
  test("are the mean of an image's own and its neighbors' mean, over one standard deviation", async () => {
    const data = Float32Array.of(0, 0, 1, 0, 9, 1, 10, 1);
    const { data: smoothed, size } = await smoothTargets(targets(data, 2), new Random(0), {
      neighbors: 1,
      ownShare: 0.75,
    });
    expect(size).toBe(2);
    const expected = [0.25, 0, 0.75, 0, 9.25, 1, 9.75, 1];
    const deviation = Math.sqrt(expected.reduce((sum, v) => sum + v * v, 0) / expected.length);
    expect([...smoothed]).toEqual(expected.map((v) => expect.closeTo(v / deviation, 5)));
  });

  test("bring the images of a cluster together, compared with the distance between clusters", async () => {
    const random = new Random(1);
    const [n, d] = [60, 16];
    const data = Float32Array.from({ length: n * d }, (_, i) => {
      const shift = i % d === 0 ? 6 * (Math.floor(i / d) % 2) : 0;
      return shift - (i % d === 0 ? 3 : 0) + random.normal();
    });
    const spread = (rows: Float32Array) => {
      const centers = [0, 1].map((cluster) =>
        Array.from({ length: d }, (_, c) => {
          let sum = 0;
          for (let i = cluster; i < n; i += 2) sum += rows[i * d + c];
          return (2 * sum) / n;
        }),
      );
      let squares = 0;
      for (let i = 0; i < rows.length; i++) squares += (rows[i] - centers[Math.floor(i / d) % 2][i % d]) ** 2;
      return squares / n / centers[0].reduce((sum, v, c) => sum + (v - centers[1][c]) ** 2, 0);
    };
    const { data: smoothed } = await smoothTargets(targets(data, d), new Random(0));
    expect(spread(smoothed)).toBeLessThan(0.6 * spread(data));
  });

  test("find the neighbors by the first components only", async () => {
    const data = Float32Array.of(0, 9, 1, 0, 5, 9, 6, 0);
    const { data: smoothed } = await smoothTargets(targets(data, 2), new Random(0), {
      neighbors: 1,
      components: 1,
      ownShare: 0,
    });
    expect(smoothed[0] / smoothed[4]).toBeCloseTo(1 / 6, 5);
    expect(smoothed[1]).toBe(0);
  });

  test("keep what an image's own share of 1 keeps, and have standard deviation 1", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer(),
        async (n, ownShare, seed) => {
          const random = new Random(seed);
          const given = targets(
            Float32Array.from({ length: 4 * n }, () => random.normal()),
            4,
          );
          const before = given.data.slice();
          const { data } = await smoothTargets(given, new Random(0), { neighbors: 2, ownShare });
          expect(given.data).toEqual(before);
          expect(data.reduce((sum, v) => sum + v * v, 0) / data.length).toBeCloseTo(1, 3);
          const whole = await smoothTargets(given, new Random(0), { neighbors: 2, ownShare: 1 });
          const ratio = whole.data[0] / before[0];
          expect([...whole.data]).toEqual([...before].map((v) => expect.closeTo(v * ratio, 4)));
        },
      ),
      { numRuns: 20 },
    );
  });

  test("of many images are smoothed by those of a part of them, drawn by chance", async () => {
    const data = Float32Array.from({ length: 40 }, (_, i) => i);
    const smoothed = async (seed: number) =>
      (await smoothTargets(targets(data, 1), new Random(seed), { neighbors: 1, ownShare: 0, among: 10 }))
        .data;
    const [one, again, other] = [await smoothed(1), await smoothed(1), await smoothed(2)];
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    expect(new Set(one).size).toBeLessThanOrEqual(10);
  });

  test("need more images than neighbors and a share", async () => {
    const few = targets(Float32Array.of(1, 2, 3), 1);
    await expect(smoothTargets(few, new Random(0), { neighbors: 3 })).rejects.toThrow(/neighbors.*2.*got 3/);
    await expect(smoothTargets(few, new Random(0), { neighbors: 1, ownShare: 1.1 })).rejects.toThrow(
      /ownShare.*1\.1/,
    );
    await expect(smoothTargets(few, new Random(0), { neighbors: 1, components: 2 })).rejects.toThrow(
      /components.*got 2/,
    );
  });
});

function targets(data: Float32Array, size: number): Targets {
  return { data, size, keptVariance: 1 };
}
