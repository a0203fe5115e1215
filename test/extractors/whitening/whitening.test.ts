import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.js";
import { Features, Whitening } from "../../../src/extractors/index.js";
import { NeighborIndex } from "../../../src/neighbors/index.js";

interface Case {
  readonly train: number[][];
  readonly test: number[][];
  readonly components: number;
  readonly whitened: number[][];
  readonly explained: number;
  readonly shrinkage: number;
  readonly squaredMahalanobis: number[][];
}

const golden: { cases: Case[] } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../golden/whitening/golden.json"), "utf8"),
);

function drawn(n: number, d: number, seed: number, offset = 0): Features {
  const random = new Random(seed);
  const rows = Array.from({ length: n }, () =>
    Array.from({ length: d }, (_, j) => offset + (j + 1) * random.normal()),
  );
  return Features.fromRows(rows, { ids: rows.map((_, i) => `${seed}/${i}`) });
}

function distance(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, j) => sum + (value - b[j]) ** 2, 0);
}

describe("whitening", () => {
  it.each(golden.cases.map((one) => [one.train.length, one.train[0].length, one] as const))(
    "equals scikit-learn's PCA and Ledoit-Wolf covariance for %i images x %i",
    async (_n, _d, one) => {
      const [train, test] = [Features.fromRows(one.train), Features.fromRows(one.test)];
      const pca = await Whitening.fit(train, { components: one.components, shrinkage: 0 });
      const whitened = await pca.apply(test);
      one.whitened.flat().forEach((value, i) => void expect(whitened.data[i]).toBeCloseTo(value, 3));
      expect(pca.explained).toBeCloseTo(one.explained, 8);
      const shrunk = await Whitening.fit(train);
      expect(shrunk.shrinkage).toBeCloseTo(one.shrinkage, 8);
      const [a, b] = [await shrunk.apply(test), await shrunk.apply(train)];
      one.squaredMahalanobis.forEach((row, i) => {
        row.forEach((value, j) => void expect(distance(a.row(i), b.row(j)) / value).toBeCloseTo(1, 4));
      });
    },
  );

  it("makes two features of variances 4 and 1 equally wide", async () => {
    const train = Features.fromRows([
      [-2, 0],
      [2, 0],
      [0, -1],
      [0, 1],
    ]);
    const { data } = await (await Whitening.fit(train, { shrinkage: 0 })).apply(train);
    const wide = Math.sqrt(1.5);
    [-wide, 0, wide, 0, 0, -wide, 0, wide].forEach((value, i) => void expect(data[i]).toBeCloseTo(value, 5));
  });

  it("gives training features mean 0 and the unit covariance, however many images there are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 40 }), fc.integer({ min: 1, max: 12 }), async (n, d) => {
        const train = drawn(n, d, n * 100 + d, 5);
        const whitening = await Whitening.fit(train, { shrinkage: 0 });
        expect(whitening.dimensions).toBe(Math.min(n - 1, d));
        const out = await whitening.apply(train);
        for (let a = 0; a < out.d; a++) {
          for (let b = 0; b < out.d; b++) {
            let [sum, mean] = [0, 0];
            for (let i = 0; i < n; i++) {
              sum += out.row(i)[a] * out.row(i)[b];
              mean += out.row(i)[a] / n;
            }
            expect(sum / (n - 1)).toBeCloseTo(a === b ? 1 : 0, 3);
            expect(mean).toBeCloseTo(0, 3);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it("keeps the order of all distances where everything is shrunk to equal variances", async () => {
    const [train, test] = [drawn(20, 6, 1), drawn(10, 6, 2)];
    const whitening = await Whitening.fit(train, { shrinkage: 1 });
    const before = await new NeighborIndex(train).search(test, 20);
    const after = await new NeighborIndex(await whitening.apply(train)).search(
      await whitening.apply(test),
      20,
    );
    expect(after.indices).toEqual(before.indices);
  });

  it("sees a deviation in a direction in which few training images vary", async () => {
    const train = drawn(10, 30, 3);
    const whitening = await Whitening.fit(train);
    const far = Features.fromRows([Array.from(train.row(0), (value, j) => value + (j === 0 ? 8 : 0))]);
    const near = Features.fromRows([Array.from(train.row(0), (value, j) => value + (j === 29 ? 8 : 0))]);
    const reference = await whitening.apply(train);
    const [a, b] = [await whitening.apply(far), await whitening.apply(near)];
    expect(distance(a.row(0), reference.row(0))).toBeGreaterThan(distance(b.row(0), reference.row(0)));
  });

  it("gives the same bytes for the same images", async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(async () => (await Whitening.fit(drawn(9, 12, 4))).apply(drawn(3, 12, 5))),
    );
    expect(first.data).toEqual(second.data);
    expect(first.provenance).toEqual(second.provenance);
  });

  it("refuses to compare features of two whitenings", async () => {
    const [a, b] = [drawn(9, 4, 6), drawn(9, 4, 7)];
    const one = await (await Whitening.fit(a)).apply(a);
    const other = await (await Whitening.fit(b)).apply(b);
    await expect(new NeighborIndex(one).search(other, 1)).rejects.toThrow(/must be made alike; steps/);
  });

  it("says what is wrong with its input", async () => {
    const train = drawn(4, 6, 8);
    await expect(Whitening.fit(train.subset([0]))).rejects.toThrow(/at least two training images; got 1/);
    await expect(Whitening.fit(train, { components: 5 })).rejects.toThrow(
      /components must be at most 3, the number of directions in which 4 training images vary; got 5/,
    );
    await expect(Whitening.fit(train, { components: 7 })).rejects.toThrow(/integer from 1 to 6/);
    await expect(Whitening.fit(train, { shrinkage: 2 })).rejects.toThrow(/from 0 to 1; got 2/);
    await expect(Whitening.fit(train, { strength: 1 } as never)).rejects.toThrow(/unknown option strength/);
    const same = Features.fromRows([
      [1, 2],
      [1, 2],
    ]);
    await expect(Whitening.fit(same)).rejects.toThrow(/training images that differ/);
    const whitening = await Whitening.fit(train);
    await expect(whitening.apply(drawn(2, 5, 9))).rejects.toThrow(/must have 6 features/);
  });
});
