import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { setProgressListener } from "../../../src/core/progress.js";
import { Random } from "../../../src/core/random.js";
import { javascriptMatrix } from "../../../src/engines/javascript-matrix.js";
import { Features } from "../../../src/extractors/features.js";
import { largestMagnitude } from "../../../src/neighbors/search/centered-rows.js";
import { SingleSearch } from "../../../src/neighbors/search/single-search.js";
import { rowsInMemory } from "../../../src/neighbors/search/train-rows.js";
import { squaredDistance } from "../../../src/neighbors/squared-distance.js";
import { bruteForce } from "../brute-force.js";

beforeAll(() => setProgressListener(() => {}));
afterAll(() => setProgressListener(undefined));

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  squaredDistance(a as Float32Array, 0, b as Float32Array, 0, a.length);

/** Rows around a point, some of them the same; `kinds` values make ties. */
function rowsOf(
  { n, d, spread, kinds }: { n: number; d: number; spread: number; kinds: number },
  random: Random,
): Float32Array {
  const value = () => (kinds > 0 ? random.integer(kinds) : random.normal());
  const rows = Float32Array.from({ length: n * d }, () => spread * value());
  for (let i = 3; i < n; i += 5) rows.copyWithin(i * d, (i - 2) * d, (i - 1) * d);
  return rows;
}

it("equals sorting all distances, over blocks of any size, for queries near and very far, with ties", async () => {
  const cases = fc.record({
    seed: fc.integer(),
    n: fc.integer({ min: 2, max: 90 }),
    m: fc.integer({ min: 1, max: 9 }),
    d: fc.integer({ min: 1, max: 9 }),
    kinds: fc.constantFrom(0, 1, 2, 3),
    far: fc.constantFrom(1, 30, 1e4, 1e9, 1e13, 1e16),
    spread: fc.constantFrom(1e-30, 1e-15, 1, 1e15),
    blockRows: fc.constantFrom(3, 20, 50, 1000),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    method: fc.constantFrom("full" as const, "pruned" as const),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ seed, n, m, d, kinds, far, spread, blockRows, share, method }) => {
      const random = new Random(seed);
      const data = rowsOf({ n, d, spread, kinds }, random);
      const asked = rowsOf({ n: m, d, spread, kinds }, random);
      for (let i = 1; i < m; i += 2) for (let j = 0; j < d; j++) asked[i * d + j] *= far;
      const self = Int32Array.from({ length: m }, () => random.integer(n + 1) - 1);
      const k = Math.max(1, Math.round(share * (n - 1)));
      const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
      const train = { ...rowsInMemory(data, n, d), blockBytes: 8 * d * blockRows };
      const search = new SingleSearch(train, ids("t", n), {
        matrix: javascriptMatrix,
        largest: () => largestMagnitude(data),
      });
      const queries = new Features(asked, d, ids("q", m));
      const table = await search.run(queries, k, { self: () => self, method });
      const rows = Array.from({ length: n }, (_, i) => data.subarray(i * d, (i + 1) * d));
      for (let i = 0; i < m; i++) {
        const expected = bruteForce(rows, queries.row(i), k, { distance, without: self[i] });
        expect([...table.indices.subarray(i * k, (i + 1) * k)]).toEqual(expected.indices);
        expect([...table.distances.subarray(i * k, (i + 1) * k)]).toEqual(expected.distances);
      }
    }),
    { numRuns: 400 },
  );
}, 60_000);
