import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { Centering, largestMagnitude, middleOf } from "../../src/neighbors/search/centered-rows.js";
import { DirectPairs } from "../../src/neighbors/search/direct-pairs.js";
import { KeyError } from "../../src/neighbors/search/key-error.js";
import { NearestRows, nearestOrder } from "../../src/neighbors/search/nearest-rows.js";
import { SearchMemory } from "../../src/neighbors/search/search-memory.js";
import { rowsInMemory } from "../../src/neighbors/search/train-rows.js";
import { squaredDistance } from "../../src/neighbors/squared-distance.js";
import { naiveDistance } from "./brute-force.js";

describe("nearestOrder", () => {
  it("orders by distance, equally far rows by lower index, few and many", () => {
    for (const length of [0, 1, 7, 16, 17, 48, 150, 900]) {
      const distances = Float64Array.from({ length }, (_, i) => (i * 7919) % 13);
      const rows = Int32Array.from({ length }, (_, i) => (i * 31) % 1000);
      const expected = Array.from({ length }, (_, i) => i).sort(
        (a, b) => distances[a] - distances[b] || rows[a] - rows[b],
      );
      expect([...nearestOrder(distances, rows, length)]).toEqual(expected);
    }
  });
});

describe("NearestRows", () => {
  it("keeps the k nearest of what comes in any portions, equally far ones by lower index", () => {
    const pair = fc.record({ row: fc.nat({ max: 30 }), distance: fc.integer({ min: 0, max: 4 }) });
    const portions = fc.array(fc.uniqueArray(pair, { selector: ({ row }) => row }), { maxLength: 4 });
    fc.assert(
      fc.property(portions, fc.integer({ min: 1, max: 9 }), (all, k) => {
        const nearest = new NearestRows(2, k);
        all.forEach((some, i) => {
          const starts = Int32Array.of(0, some.length);
          const rows = Int32Array.from(some, ({ row }) => row);
          nearest.take(
            1,
            { starts, rows },
            31 * i,
            Float64Array.from(some, ({ distance }) => distance),
          );
        });
        const flat = all.flatMap((some, i) => some.map((one) => ({ ...one, row: one.row + 31 * i })));
        const expected = flat.sort((a, b) => a.distance - b.distance || a.row - b.row).slice(0, k);
        expect([...nearest.known(0)]).toEqual([]);
        expect([...nearest.known(1)]).toEqual(expected.map((one) => one.distance));
        expect(nearest.farthest(1)).toBe(expected[k - 1]?.distance ?? Number.POSITIVE_INFINITY);
        expect([...nearest.indices.subarray(k, k + expected.length)]).toEqual(expected.map(({ row }) => row));
      }),
    );
  });
});

describe("DirectPairs", () => {
  const random = new Random(3);
  const pairs = {
    starts: Int32Array.of(0, 2, 2, 6, 7, 8, 10),
    rows: Int32Array.of(4, 0, 0, 3, 1, 0, 0, 0, 4, 0),
  };
  const queryOf = [0, 0, 2, 2, 2, 2, 3, 4, 5, 5];

  /** Rows and queries in memory, and the expected distances of the pairs. */
  function held(d: number, value: () => number) {
    const train = Float32Array.from({ length: 5 * d }, value);
    const queries = Float32Array.from({ length: 7 * d }, value);
    const memory = new SearchMemory({ rows: 5, queries: 7, d, bytes: true, members: 1 });
    const block = memory.block(0, train);
    const { stride } = memory;
    const all = {
      memory: memory.memory,
      queries: memory.setQueries(queries),
      stride,
      scratch: memory.scratch(0),
    };
    const expected = queryOf.map((query, pair) =>
      squaredDistance(queries, (query + 1) * d, train, pairs.rows[pair] * d, d),
    );
    return { direct: new DirectPairs(all), block, expected };
  }

  it("has the bits of squaredDistance for all lengths, rows and queries in any order", () => {
    for (let d = 1; d <= 13; d++) {
      const { direct, block, expected } = held(d, () => random.normal());
      expect([...direct.distances(pairs, block, 1)]).toEqual(expected);
    }
  });

  it("gives up only pairs beyond their limit, also where float32 squares are lost or too large", () => {
    for (const scale of [1e-30, 1e-21, 1, 1e18, 1e25]) {
      for (const d of [1, 6, 40]) {
        const { direct, block, expected } = held(d, () => scale * random.normal());
        const limits = [0, 1, 2, 3, 4, 5, 6].map((query) => expected[queryOf.indexOf(query - 1)] ?? 0);
        const found = direct.distancesWithin(pairs, block, 1, (query) => limits[query]);
        for (const [pair, distance] of expected.entries()) {
          const isKept = found[pair] === distance;
          if (distance <= limits[queryOf[pair] + 1]) expect(isKept).toBe(true);
          else if (!isKept) expect(found[pair]).toBe(Number.POSITIVE_INFINITY);
        }
        if (scale === 1 && d > 1) expect([...found]).toContain(Number.POSITIVE_INFINITY);
      }
    }
  });

  it("measures more pairs than it takes at once", () => {
    const { direct, block, expected } = held(5, () => random.normal());
    const times = 700;
    const starts = Int32Array.from(pairs.starts, (start, i) => (i < 3 ? start : start - 4 + 4 * times));
    const middle = Array.from({ length: times }, () => [...pairs.rows.subarray(2, 6)]).flat();
    const rows = Int32Array.from([...pairs.rows.subarray(0, 2), ...middle, ...pairs.rows.subarray(6)]);
    const found = [...direct.distances({ starts, rows }, block, 1)];
    expect(found.slice(0, 2)).toEqual(expected.slice(0, 2));
    expect(found.slice(2, -4)).toEqual(Array.from({ length: times }, () => expected.slice(2, 6)).flat());
    expect(found.slice(-4)).toEqual(expected.slice(6));
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
