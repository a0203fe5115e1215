import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Aborted } from "../../../src/core/errors.js";
import { setProgressListener } from "../../../src/core/progress.js";
import { Random } from "../../../src/core/random.js";
import { javascriptMatrix } from "../../../src/engines/javascript-matrix.js";
import { Features } from "../../../src/extractors/features.js";
import { KMeansIndex } from "../../../src/neighbors/index.js";
import { squaredDistance } from "../../../src/neighbors/squared-distance.js";

beforeAll(() => setProgressListener(() => {}));
afterAll(() => setProgressListener(undefined));

const matrix = javascriptMatrix;

function blobs(perBlob: number, means: readonly number[][], spread: number, seed = 1): Features {
  const random = new Random(seed);
  const rows = means.flatMap((mean) =>
    Array.from({ length: perBlob }, () => mean.map((value) => value + spread * random.normal())),
  );
  return Features.fromRows(rows);
}

describe("KMeansIndex", () => {
  it("finds separated groups and their means", async () => {
    const train = Features.fromRows([[0], [2], [10], [12], [14], [100]]);
    const index = await KMeansIndex.build(train, 3, { matrix, random: new Random(4) });
    const order = [...index.centers.data].sort((a, b) => a - b);
    expect(order).toEqual([1, 12, 100]);
    expect(index.inertia).toBe(2 + 8);
    expect([...index.assignments].map((c) => index.centers.data[c])).toEqual([1, 1, 12, 12, 12, 100]);
    expect(index.toString()).toBe(
      `KMeansIndex: 3 centers of 6 training images x 1, ${index.iterations} passes`,
    );
  });

  it("is a fixed point: rows belong to the nearest center, centers are means, none is empty", async () => {
    const cases = fc.record({
      seed: fc.integer(),
      n: fc.integer({ min: 1, max: 120 }),
      d: fc.constantFrom(1, 2, 9),
      offset: fc.constantFrom(0, 1e6),
      scale: fc.constantFrom(1e-30, 1, 1e15),
      distinct: fc.constantFrom(1, 3, 500),
    });
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(), async ({ seed, n, d, offset, scale, distinct }, pick) => {
        const random = new Random(seed);
        const pool = Array.from({ length: distinct }, () =>
          Array.from({ length: d }, () => scale * (offset + 10 * random.normal())),
        );
        const train = Features.fromRows(Array.from({ length: n }, () => pool[random.integer(distinct)]));
        const clusters = 1 + (pick % n);
        const index = await KMeansIndex.build(train, clusters, { matrix, random, iterations: 500 });
        const { centers, assignments } = index;
        const sums = Array.from({ length: clusters }, () => ({ count: 0, sum: new Float64Array(d) }));
        assignments.forEach((c, row) => {
          sums[c].count++;
          train.row(row).forEach((value, j) => {
            sums[c].sum[j] += value;
          });
          const distance = (center: number) =>
            squaredDistance(train.data, row * d, centers.data, center * d, d);
          const nearest = Math.min(...sums.map((_, center) => distance(center)));
          const rounding = 1e-3 * scale * Math.max(1, offset * 1e-3);
          expect(Math.sqrt(distance(c))).toBeLessThanOrEqual(Math.sqrt(nearest) * (1 + 1e-4) + rounding);
        });
        sums.forEach(({ count, sum }, c) => {
          expect(count).toBeGreaterThan(0);
          sum.forEach((value, j) => {
            const rounding = 1e-6 * scale * (offset + 100);
            expect(Math.abs(centers.row(c)[j] - value / count)).toBeLessThanOrEqual(rounding);
          });
        });
      }),
      { numRuns: 60 },
    );
  });

  it("has no distance left with as many centers as different rows", async () => {
    const train = blobs(
      1,
      [
        [0, 1],
        [5, 5],
        [9, -4],
        [2, 2],
      ],
      1,
    );
    const index = await KMeansIndex.build(train, 4, { matrix });
    expect(index.inertia).toBe(0);
    expect([...index.assignments].sort()).toEqual([0, 1, 2, 3]);
  });

  it("fills a cluster that nothing is nearest to, with rows that are all equal too", async () => {
    const train = Features.fromRows([
      [3, 3],
      [3, 3],
      [3, 3],
      [3, 3],
      [7, 3],
    ]);
    const index = await KMeansIndex.build(train, 4, { matrix });
    expect(new Set(index.assignments).size).toBe(4);
    expect(index.inertia).toBe(0);
  });

  it("chooses far groups first: k-means++ finds each of them from nearly every seed", async () => {
    const means = Array.from({ length: 8 }, (_, i) => [1000 * Math.cos(i), 1000 * Math.sin(i)]);
    const train = blobs(40, means, 1);
    for (let seed = 0; seed < 20; seed++) {
      const index = await KMeansIndex.build(train, 8, { matrix, random: new Random(seed) });
      expect(index.inertia).toBeLessThan(8 * 40 * 2 * 2);
    }
  });

  it("gives the same bytes for the same seed, others for another", async () => {
    const train = blobs(
      50,
      [
        [0, 0, 0],
        [1, 1, 1],
      ],
      1,
    );
    const build = (seed: number) => KMeansIndex.build(train, 9, { matrix, random: new Random(seed) });
    const [first, again, other] = [await build(1), await build(1), await build(2)];
    expect(again.centers.data).toEqual(first.centers.data);
    expect(other.centers.data).not.toEqual(first.centers.data);
  });

  it("is searched like all training images", async () => {
    const train = Features.fromRows([[0], [2], [10], [12], [14], [100]]);
    const index = await KMeansIndex.build(train, 3, { matrix });
    const table = await index.search(Features.fromRows([[11], [90]]), 2);
    expect([...table.distances]).toEqual([1, 100, 100, 78 ** 2]);
    expect(table.neighbors(1)[0].id).toMatch(/^center [012]$/);
    expect(() => index.search(train, 1, { excludeSelf: true })).toThrow("excludeSelf must not be true");
    await expect(index.search(train, 4)).rejects.toThrow("k must be an integer from 1 to 3");
  });

  it("refuses what it cannot do, and stops when it is interrupted", async () => {
    const train = Features.fromRows([[0], [2]]);
    await expect(KMeansIndex.build(train, 3)).rejects.toThrow(
      "clusters must be an integer from 1 to 2 (training images); got 3",
    );
    await expect(KMeansIndex.build(train, 1, { iterations: 0 })).rejects.toThrow("iterations must be");
    await expect(KMeansIndex.build(train, 1, { seed: 3 } as object)).rejects.toThrow("unknown option seed");
    const none = new Features(new Float32Array(0), 1, []);
    await expect(KMeansIndex.build(none, 1)).rejects.toThrow("at least one training image");
    const controller = new AbortController();
    controller.abort();
    await expect(KMeansIndex.build(train, 1, { signal: controller.signal })).rejects.toThrow(Aborted);
  });
});
