import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setProgressListener } from "../../../src/core/progress.js";
import { Random } from "../../../src/core/random.js";
import { loadEngine, type MatrixBackend } from "../../../src/engines/index.js";
import { javascriptBytes } from "../../../src/engines/javascript-bytes.js";
import { javascriptMatrix } from "../../../src/engines/javascript-matrix.js";
import { Features } from "../../../src/extractors/features.js";
import { NeighborIndex } from "../../../src/neighbors/index.js";
import { byteRows } from "../../../src/neighbors/search/byte-rows.js";
import { scanKernel } from "../../../src/neighbors/search/wasm/scan.js";

beforeAll(() => setProgressListener(() => {}));
afterAll(() => setProgressListener(undefined));

function drawn(
  n: number,
  d: number,
  random: Random,
  prefix: string,
  value = () => random.normal(),
): Features {
  const ids = Array.from({ length: n }, (_, i) => `${prefix}${i}`);
  return new Features(Float32Array.from({ length: n * d }, value), d, ids);
}

describe("byteRows", () => {
  it("bounds how far rounding moves each row, and stays within the integers allowed", () => {
    const cases = fc.record({
      seed: fc.integer(),
      d: fc.integer({ min: 1, max: 23 }),
      most: fc.constantFrom(63, 127),
      scale: fc.constantFrom(1e-44, 1e-36, 1e-20, 1, 1e30, 1e38),
      middle: fc.constantFrom(0, 1, 1e6),
    });
    fc.assert(
      fc.property(cases, ({ seed, d, most, scale, middle }) => {
        const random = new Random(seed);
        const held = (value: number) => Math.max(-3e38, Math.min(3e38, value));
        const data = Float32Array.from({ length: 5 * d }, () => held(scale * (middle + random.normal())));
        data.fill(data[0], 0, d);
        data[4 * d] *= -1;
        const point = Float32Array.from({ length: d }, () => held(scale * middle));
        const signed = byteRows(data, 5, point, most, new Int8Array(5 * d));
        const shifted = byteRows(data, 5, point, most, new Uint8Array(5 * d));
        for (let i = 0; i < 5; i++) {
          let [apart, norm] = [0, 0];
          for (let j = 0; j < d; j++) {
            const integer = signed.values[i * d + j];
            expect(Math.abs(integer)).toBeLessThanOrEqual(most);
            expect(shifted.values[i * d + j]).toBe(integer + 128);
            apart += (data[i * d + j] - point[j] - integer * signed.steps[i]) ** 2;
            norm += (integer * signed.steps[i]) ** 2;
          }
          expect(signed.radii[i]).toBeGreaterThanOrEqual(Math.sqrt(apart));
          expect(signed.radii[i]).toBeLessThanOrEqual(Math.sqrt(apart) * (1 + 1e-5) + Math.sqrt(norm) * 1e-6);
          expect(Math.abs(signed.squaredNorms[i] - norm)).toBeLessThanOrEqual(1e-12 * norm);
        }
      }),
    );
  });
});

describe("scanKernel", () => {
  it("finds every row up to a limit and the least keys of groups, for any number of rows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.integer(), (rows, seed) => {
        const random = new Random(seed);
        const kernel = scanKernel({ queries: 2, rows, others: 0 });
        const products = Array.from({ length: 2 * rows }, () => random.integer(200_000) - 100_000);
        kernel.products.set(products);
        kernel.norms.fill(Number.POSITIVE_INFINITY);
        for (let j = 0; j < rows; j++) {
          kernel.norms[j] = random.uniform();
          kernel.steps[j] = random.uniform() * 1e-5;
        }
        const key = (j: number) => {
          const scaled = Math.fround(Math.fround(0.5) * kernel.steps[j]);
          return Math.fround(kernel.norms[j] - Math.fround(scaled * Math.fround(products[rows + j])));
        };
        const expected = Array.from({ length: rows }, (_, j) => j).filter((j) => key(j) <= 0.25);
        const found = (least: number) =>
          [...kernel.hits.subarray(0, kernel.find(rows, rows, 0.5, 0.25, least))].filter((j) => j < rows);
        expect(found(0)).toEqual(expected);
        expect([...kernel.keys.subarray(0, expected.length)]).toEqual(expected.map(key));
        const size = Math.floor(rows / 8);
        if (size === 0) return;
        kernel.findLeast(rows, 2, size, 0.5);
        const least = Array.from({ length: 8 }, (_, group) => {
          const first = Math.floor(group / 4) * 4 * size + (group % 4);
          return Math.min(...Array.from({ length: size }, (_, i) => key(first + 4 * i)));
        });
        expect([...kernel.least.subarray(0, 8)]).toEqual(least);
        kernel.findLeast(rows, Math.floor(rows / (4 * size)), size, 0.5);
        expect(found(size)).toEqual(expected);
      }),
    );
  });
});

describe("the k-th key", () => {
  it("is not exceeded by k numbers, and by no more unless they are equal", () => {
    const number = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, -0, 2 ** -149, -(2 ** -149), 3.4e38, Number.POSITIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 50 }), fc.nat(), (numbers, seed) => {
        const kernel = scanKernel({ queries: 1, rows: numbers.length, others: 0 });
        const k = 1 + (seed % numbers.length);
        const sorted = Float32Array.from(numbers).sort();
        for (const list of ["keys", "least"] as const) {
          kernel[list].set(numbers);
          const kth = kernel.kth(list, numbers.length, k);
          expect(kth).toBeGreaterThanOrEqual(sorted[k - 1]);
          const next = sorted.slice(k).find((one) => one > sorted[k - 1]);
          if (next !== undefined) expect(kth).toBeLessThan(next);
        }
      }),
    );
  });
});

describe("the pruned search", () => {
  it("gives the bytes of the full search on an engine, over several blocks of rows and queries", async () => {
    const { matrix } = await loadEngine("onnxruntime-node");
    const random = new Random(8);
    const train = drawn(4200, 40, random, "t", () => random.integer(5) * random.integer(3));
    const queries = drawn(300, 40, random, "q", () => random.integer(5) * random.integer(3));
    const index = new NeighborIndex(train, { matrix });
    for (const k of [1, 30]) {
      const full = await index.search(queries, k, { method: "full" });
      const pruned = await index.search(queries, k, { method: "pruned" });
      expect(pruned.indices).toEqual(full.indices);
      expect(pruned.distances).toEqual(full.distances);
    }
  });

  it("takes queries far beyond all training rows, and rows that are all equal", async () => {
    const random = new Random(2);
    const near = drawn(150, 7, random, "t", () => 1e-12 * random.normal());
    const equal = drawn(150, 7, random, "t", () => 3);
    const queries = drawn(3, 7, random, "q", () => 1e9 * random.normal());
    for (const train of [near, equal]) {
      const index = new NeighborIndex(train, { matrix: javascriptMatrix });
      for (const k of [1, 150]) {
        const full = await index.search(queries, k, { method: "full" });
        const pruned = await index.search(queries, k, { method: "pruned" });
        expect(pruned.indices).toEqual(full.indices);
        expect(pruned.distances).toEqual(full.distances);
      }
    }
  });

  it("is used by itself for a large search where it rules out most rows, and not where it cannot", async () => {
    let [bytes, floats] = [0, 0];
    const engine = (await loadEngine("onnxruntime-node")).matrix;
    const multiplier = (await engine.bytes?.()) ?? javascriptBytes;
    const matrix: MatrixBackend = {
      name: "counting",
      loadRows(rows, n, d) {
        const loaded = engine.loadRows(rows, n, d);
        const products = async (queries: Float32Array, m: number) => {
          floats += m * n;
          return loaded.products(queries, m);
        };
        return { ...loaded, products };
      },
      async bytes() {
        return {
          most: multiplier.most,
          async loadColumns(columns, n, d) {
            const loaded = await multiplier.loadColumns(columns, n, d);
            return {
              ...loaded,
              async products(queries, m, out) {
                bytes += m * n;
                await loaded.products(queries, m, out);
              },
            };
          },
        };
      },
    };
    const random = new Random(3);
    const [n, m, d] = [4000, 2000, 256];
    const wide = () => random.uniform();
    const narrow = () => 1 + 1e-3 * random.uniform();
    const spread = drawn(n, d, random, "t", wide);
    const queries = drawn(m, d, random, "q", wide);
    await new NeighborIndex(spread, { matrix }).search(queries.subset([1, 2]), 2);
    expect([bytes, floats]).toEqual([0, 2 * n]);
    await new NeighborIndex(spread, { matrix }).search(queries, 2);
    expect([bytes, floats]).toEqual([(64 + m) * n, 2 * n]);
    const [close, near] = [drawn(n, d, random, "t", narrow), drawn(m, d, random, "q", narrow)];
    for (const { data } of [close, near]) for (let i = 0; i < data.length; i += d) data[i] = 100 * (i % 3);
    await new NeighborIndex(close, { matrix }).search(near, 2);
    expect([bytes, floats]).toEqual([(64 + m + 64) * n, (2 + m) * n]);
  });

  it("is refused by another name", async () => {
    const index = new NeighborIndex(drawn(2, 2, new Random(0), "t"));
    const queries = drawn(1, 2, new Random(1), "q");
    await expect(index.search(queries, 1, { method: "fast" as "full" })).rejects.toThrow(
      "unknown method: fast; choose from auto, full, pruned",
    );
  });
});
