import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { ImageSet } from "../../src/datasets/image-set.js";
import { Features } from "../../src/extractors/features.js";
import { NeighborIndex } from "../../src/neighbors/index.js";
import { cleanTrainingSet } from "../../src/scoring/clean-training-set.js";
import { findMaskedNeighbors } from "../../src/scoring/find-masked-neighbors.js";
import {
  anomaliesForRate,
  ContaminationPool,
  keptAfterCleaning,
  removedCount,
} from "../../src/scoring/index.js";

function line(name: string, values: readonly number[], images = false): Features {
  const ids = values.map((_, i) => `${name}${i}`);
  const pixel = { width: 1, height: 1, channels: 1, data: new Uint8Array(1) } as const;
  const set = ImageSet.fromImages(
    name,
    values.map(() => pixel as never),
    { ids },
  );
  return Features.fromRows(
    values.map((value) => [value]),
    { ids, images: images ? set : undefined },
  );
}

describe("contamination", () => {
  it("is the share of anomalies among all training images, rounded down", () => {
    expect([0, 0.1, 0.2, 0.5].map((rate) => anomaliesForRate(5000, rate))).toEqual([0, 555, 1250, 5000]);
    expect(anomaliesForRate(9, 0.1)).toBe(1);
    expect(anomaliesForRate(57, 0.05)).toBe(3);
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 0, max: 90 }), (normals, percent) => {
        const m = anomaliesForRate(normals, percent / 100);
        expect(100 * m).toBeLessThanOrEqual(percent * (normals + m));
        expect(100 * (m + 1)).toBeGreaterThan(percent * (normals + m + 1));
      }),
    );
    for (const rate of [-0.1, 1, 10, Number.NaN]) {
      expect(() => anomaliesForRate(5, rate)).toThrow(
        `contamination rate must be a share from 0 to 0.9, for example 0.1; got ${rate}`,
      );
    }
  });

  it("draws the same nested training sets for the same seed", () => {
    const normal = line("n", [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const anomalies = line("a", [50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60]);
    const pool = new ContaminationPool(normal, anomalies, new Random(1));
    expect([pool.normals, pool.anomalies, pool.maxRate]).toEqual([9, 9, 0.5]);
    expect(new Set(pool.anomalyRows).size).toBe(9);
    expect(pool.features.ids.slice(0, 9)).toEqual(normal.ids);
    expect([...pool.features.data.subarray(9)]).toEqual(Array.from(pool.anomalyRows, (row) => 50 + row));
    expect(pool.trainingSet(0.1).ids).toEqual([...normal.ids, `a${pool.anomalyRows[0]}`]);
    expect(pool.trainingSet(0.5).ids.slice(0, 10)).toEqual(pool.trainingSet(0.1).ids);
    expect(pool.size(0)).toBe(9);
    expect([...pool.isAnomaly()].filter(Boolean)).toHaveLength(9);
    const again = new ContaminationPool(normal, anomalies, new Random(1));
    expect(again.anomalyRows).toEqual(pool.anomalyRows);
    expect(new ContaminationPool(normal, anomalies, new Random(2)).anomalyRows).not.toEqual(pool.anomalyRows);
    const small = new ContaminationPool(normal, anomalies, new Random(1), { maxRate: 0.2 });
    expect([...small.anomalyRows]).toEqual([...pool.anomalyRows.slice(0, 2)]);
    expect(pool.toString()).toBe(
      "ContaminationPool: 9 normal images and up to 9 anomalies, 50 % of all training images",
    );
  });

  it("goes as far as there are anomalies and keeps the images", () => {
    const pool = new ContaminationPool(line("n", [1, 2, 3], true), line("a", [9], true), new Random(1));
    expect(pool.maxRate).toBe(0.25);
    expect(pool.size(0.25)).toBe(4);
    expect(pool.features.images?.ids).toEqual(["n0", "n1", "n2", "a0"]);
    expect(() => pool.trainingSet(0.3)).toThrow("from 0 to 0.25, for example 0.1; got 0.3");
    expect(new ContaminationPool(line("n", [1], true), line("a", [9]), new Random(1)).features.images).toBe(
      undefined,
    );
    const none = Features.fromRows([[1]]).subset([]);
    expect(() => new ContaminationPool(none, line("a", [9]), new Random(1))).toThrow("at least one normal");
    expect(() => new ContaminationPool(line("n", [1]), line("n", [9]), new Random(1))).toThrow(
      "n0 occurs twice",
    );
  });
});

describe("cleaning", () => {
  it("removes the largest scores, of equal ones the later rows", () => {
    expect([...keptAfterCleaning([1, 5, 2, 5, 5], 0.4)]).toEqual([1, 1, 1, 0, 0]);
    expect([...keptAfterCleaning([1, 5, 2, 5, 6], 0.4)]).toEqual([1, 1, 1, 0, 0]);
    expect([...keptAfterCleaning([3, 1], 0.4)]).toEqual([1, 1]);
    expect(removedCount(10, 0.3)).toBe(3);
    expect(() => keptAfterCleaning([1], 1)).toThrow("cleaned fraction must be a share from 0 to 0.99");
    expect(() => keptAfterCleaning([1, Number.NaN], 0.5)).toThrow("got NaN");
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }),
        fc.integer({ min: 0, max: 99 }),
        (scores, percent) => {
          const kept = keptAfterCleaning(scores, percent / 100);
          const order = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a] || b - a);
          const removed = new Set(order.slice(0, Math.floor((percent * scores.length) / 100)));
          expect([...kept]).toEqual(scores.map((_, i) => Number(!removed.has(i))));
        },
      ),
    );
  });

  it("finds the anomalies of a training set without labels", async () => {
    const cleaned = await cleanTrainingSet(line("t", [1, 90, 2, 3, 70, 4]), { fraction: 1 / 3 });
    expect([...cleaned.removed]).toEqual([1, 4]);
    expect([...cleaned.kept]).toEqual([0, 2, 3, 5]);
    expect(cleaned.features.ids).toEqual(["t0", "t2", "t3", "t5"]);
    expect([...cleaned.scores.values]).toEqual([2.5, (400 + 86 ** 2) / 2, 1, 1, (400 + 66 ** 2) / 2, 2.5]);
    const nearest = await cleanTrainingSet(line("t", [1, 9, 2]), { k: 1, distance: "euclidean" });
    expect([...nearest.removed]).toEqual([1]);
    expect([...nearest.scores.values]).toEqual([1, 7, 1]);
    await expect(cleanTrainingSet(line("t", [1, 2]))).rejects.toThrow("from 1 to 1 (training images other");
    await expect(cleanTrainingSet(line("t", [1, 2]), { share: 1 } as never)).rejects.toThrow("option share");
  });
});

describe("neighbors through masks", () => {
  const points = (name: string, min: number, max: number) =>
    fc
      .array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 })), {
        minLength: min,
        maxLength: max,
      })
      .map((rows) => Features.fromRows(rows, { ids: rows.map((_, i) => `${name}${i}`) }));

  it("give the scores of a fresh search in every foreseen part", async () => {
    const cases = fc.record({
      train: points("t", 6, 60),
      queries: points("q", 1, 12),
      seed: fc.integer(),
      k: fc.integer({ min: 1, max: 3 }),
      statistic: fc.constantFrom("mean" as const, "kth" as const),
      distance: fc.constantFrom("squared" as const, "euclidean" as const),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ train, queries, seed, k, statistic, distance }) => {
        const random = new Random(seed);
        const parts = [0.1, 0.5, 1].map((share) => {
          const mask = Uint8Array.from({ length: train.n }, () => Number(random.uniform() < share));
          for (const row of random.sample(train.n, k + 1)) mask[row] = 1;
          return { mask, k };
        });
        for (const asked of [queries, train]) {
          const lists = await findMaskedNeighbors(train, asked, parts);
          for (const { mask } of parts) {
            const rows = Array.from(mask.keys()).filter((i) => mask[i] === 1);
            const fresh = await new NeighborIndex(train.subset(rows)).search(asked, k, { excludeSelf: true });
            const found = lists.scores(mask, k, { statistic, distance });
            expect(found.exhausted).toBe(0);
            expect([...found.values]).toEqual([...fresh.scores(k, { statistic, distance }).values]);
            for (let i = 0; i < asked.n; i++) {
              expect(lists.neighbors(i, mask, k).map(({ index }) => index)).toEqual(
                fresh.neighbors(i).map(({ index }) => rows[index]),
              );
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it("widen the search for images with few neighbors in a part and keep no other neighbor", async () => {
    const train = line(
      "t",
      Array.from({ length: 400 }, (_, i) => i),
    );
    const far = Uint8Array.from({ length: 400 }, (_, i) => Number(i >= 398));
    const all = new Uint8Array(400).fill(1);
    const parts = [
      { mask: far, k: 2 },
      { mask: all, k: 1 },
    ];
    const lists = await findMaskedNeighbors(train, line("q", [0.25, 397.25]), parts);
    expect([...(lists.indices as Int32Array)]).toEqual([0, 398, 399, 397, 398, 399]);
    expect([...lists.starts]).toEqual([0, 3, 6]);
    expect(lists.scores(all, 5).exhausted).toBe(2);
  });

  it("are aborted with a signal", async () => {
    const train = line("t", [1, 2, 3]);
    const parts = [{ mask: Uint8Array.of(1, 1, 1), k: 1 }];
    await expect(
      findMaskedNeighbors(train, line("q", [1]), parts, { signal: AbortSignal.abort() }),
    ).rejects.toThrow("interrupted");
  });
});
