import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { Centering, largestMagnitude, middleOf } from "../../src/neighbors/search/centered-rows.js";
import { DirectPairs } from "../../src/neighbors/search/direct-pairs.js";
import { KeyError } from "../../src/neighbors/search/key-error.js";
import { SearchMemory } from "../../src/neighbors/search/search-memory.js";
import { kthSmallest, smallestOf, stableOrder } from "../../src/neighbors/search/select.js";
import { rowsInMemory } from "../../src/neighbors/search/train-rows.js";
import { squaredDistance } from "../../src/neighbors/squared-distance.js";
import { naiveDistance } from "./brute-force.js";

describe("kthSmallest and smallestOf", () => {
  it("equal sorting, with duplicates", () => {
    const numbers = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ noNaN: true })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(numbers, fc.nat(), (values, seed) => {
        const k = 1 + (seed % values.length);
        const sorted = Float64Array.from(values).sort();
        const filled = Float64Array.from([...values, -1e300]);
        expect(kthSmallest(filled, values.length, k) - sorted[k - 1] || 0).toBe(0);
        expect(smallestOf(values, values.length, k) - sorted[k - 1] || 0).toBe(0);
      }),
    );
  });
});

describe("stableOrder", () => {
  it("keeps equal numbers in order, in short and long ranges", () => {
    for (const length of [0, 1, 7, 150, 900]) {
      const values = Float64Array.from({ length: length + 3 }, (_, i) => (i * 7919) % 13);
      const order = [...stableOrder(values, 3, length + 3)];
      const expected = Array.from({ length }, (_, i) => i + 3).sort((a, b) => values[a] - values[b]);
      expect(order).toEqual(expected);
    }
  });
});

describe("DirectPairs", () => {
  it("has the bits of squaredDistance for all lengths, rows and queries in any order, in one piece or several", () => {
    const random = new Random(3);
    for (let d = 1; d <= 13; d++) {
      const train = Float32Array.from({ length: 5 * d }, () => random.normal());
      const queries = Float32Array.from({ length: 6 * d }, () => random.normal());
      const starts = Int32Array.of(0, 2, 2, 6, 7, 8, 10);
      const pairs = { starts, rows: Int32Array.of(4, 0, 0, 3, 1, 0, 0, 0, 4, 0) };
      const expected = [0, 0, 2, 2, 2, 2, 3, 4, 5, 5].map((query, pair) =>
        squaredDistance(queries, query * d, train, pairs.rows[pair] * d, d),
      );
      const memory = new SearchMemory({ rows: 5, queries: 6, d, bytes: true, members: 1 });
      const { raw } = memory.block(0, train);
      const held = { memory: memory.memory, queries: memory.setQueries(queries), stride: memory.stride };
      const whole = new DirectPairs({ ...held, scratch: 0 }).distances(pairs, 5);
      const parts = new DirectPairs({ ...held, scratch: 0 }, 4).distances(pairs, 5);
      expect([...whole.rows()]).toEqual([0, 1, 3, 4]);
      whole.take([0, 1, 2, 3, 4], raw);
      parts.take([0, 1], raw.subarray(0, 2 * memory.stride));
      parts.take([2, 3, 4], raw.subarray(2 * memory.stride));
      expect([...whole.found]).toEqual(expected);
      expect([...parts.found]).toEqual(expected);
    }
  });
});

describe("squaredDistance", () => {
  it("equals a plain sum for all lengths", () => {
    for (let d = 1; d <= 9; d++) {
      const a = Float32Array.from({ length: d }, (_, j) => j * j - 3);
      const b = Float32Array.from({ length: d + 2 }, (_, j) => 7 - j);
      expect(squaredDistance(a, 0, b, 2, d)).toBe(naiveDistance(a, b.subarray(2)));
    }
  });
});

describe("keys from centred rows", () => {
  it("stay within the bound of their error when products are rounded to float32", () => {
    const row = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 5 }), row, (train, query) => {
        const data = Float32Array.from(train.flat());
        const centering = centeringOf(data, train.length, 3);
        const x = centering.block(data, [0, train.length], new Float32Array(data.length));
        const y = centering.block(Float32Array.from(query), [0, 1], new Float32Array(3));
        const ofQuery = squaredDistanceToMean(train, query) * centering.scale ** 2;
        const length = Math.sqrt(y.squaredNorms[0]) / y.factors[0];
        for (let i = 0; i < train.length; i++) {
          const product = [0, 1, 2].reduce(
            (s, j) => Math.fround(s + Math.fround(x.rows[3 * i + j] * y.rows[j])),
            0,
          );
          const key = x.squaredNorms[i] - (2 * product) / y.factors[0];
          const exact = naiveDistance(train[i], query) * centering.scale ** 2 - ofQuery;
          const bound = new KeyError(3).bound(Math.sqrt(x.squaredNorms[i]), length, y.factors[0]);
          expect(Math.abs(key - exact)).toBeLessThanOrEqual(bound);
        }
      }),
    );
  });

  it("scale a query far from all training rows down, and put equal training rows at the middle", () => {
    const data = Float32Array.of(1, 1, 1, 1);
    const centering = centeringOf(data, 2, 2);
    expect(centering.block(data, [0, 2], new Float32Array(4)).squaredNorms).toEqual(Float64Array.of(0, 0));
    const far = centering.block(Float32Array.of(1e38, 1e38), [0, 1], new Float32Array(2));
    expect(far.squaredNorms[0]).toBeLessThanOrEqual(4);
    expect(far.factors[0]).toBeLessThan(1e-37);
  });
});

function centeringOf(data: Float32Array, n: number, d: number): Centering {
  return new Centering(middleOf(rowsInMemory(data, n, d)), largestMagnitude(data));
}

function squaredDistanceToMean(train: readonly number[][], query: readonly number[]): number {
  const mean = [0, 1, 2].map((j) => train.reduce((sum, row) => sum + Math.fround(row[j]), 0) / train.length);
  return naiveDistance(query, mean);
}
