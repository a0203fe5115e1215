import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Aborted } from "../../src/core/errors.js";
import { setProgressListener } from "../../src/core/progress.js";
import { Random } from "../../src/core/random.js";
import { javascriptMatrix } from "../../src/engines/javascript-matrix.js";
import { Features } from "../../src/extractors/features.js";
import { NeighborIndex } from "../../src/neighbors/neighbor-index.js";
import { squaredDistance } from "../../src/neighbors/squared-distance.js";
import { bruteForce, float32Matrix, roughMatrix } from "./brute-force.js";

beforeAll(() => setProgressListener(() => {}));
afterAll(() => setProgressListener(undefined));

const named = (rows: readonly ArrayLike<number>[], prefix: string) =>
  Features.fromRows(rows, { ids: rows.map((_, i) => `${prefix}${i}`) });

const direct = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  squaredDistance(Float32Array.from(a), 0, Float32Array.from(b), 0, a.length);

/** Every k gives the rows that sorting all distances gives. */
async function expectExact(
  train: readonly ArrayLike<number>[],
  queries: readonly ArrayLike<number>[],
  ks: readonly number[],
  matrix = javascriptMatrix,
  distance = direct,
): Promise<void> {
  const index = new NeighborIndex(named(train, "t"), { matrix });
  const methods = ["full", "pruned"] as const;
  for (const [k, method] of ks.flatMap((k) => methods.map((method) => [k, method] as const))) {
    const table = await index.search(named(queries, "q"), k, { method });
    queries.forEach((query, i) => {
      const expected = bruteForce(train, query, k, { distance });
      expect([...table.indices.subarray(i * k, (i + 1) * k)]).toEqual(expected.indices);
      expect([...table.distances.subarray(i * k, (i + 1) * k)]).toEqual(expected.distances);
    });
  }
}

describe("NeighborIndex", () => {
  it("finds the nearest rows with squared distances", async () => {
    const index = new NeighborIndex(
      Features.fromRows(
        [
          [0, 0],
          [3, 4],
          [0, 1],
        ],
        { ids: ["a", "b", "c"] },
      ),
    );
    const table = await index.search(Features.fromRows([[0, 0.25]], { ids: ["q"] }), 3);
    expect([...table.indices]).toEqual([0, 2, 1]);
    expect([...table.distances]).toEqual([0.0625, 0.5625, 9 + 3.75 ** 2]);
    expect([table.queryIds, table.trainIds]).toEqual([["q"], ["a", "b", "c"]]);
  });

  it("equals sorting all distances for every k, with many ties, on any back end", async () => {
    const rows = (d: number, maxLength: number) =>
      fc.array(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: d, maxLength: d }), {
        minLength: 1,
        maxLength,
      });
    const problem = fc.integer({ min: 1, max: 4 }).chain((d) => fc.tuple(rows(d, 90), rows(d, 5)));
    for (const matrix of [javascriptMatrix, roughMatrix]) {
      await fc.assert(
        fc.asyncProperty(problem, async ([train, queries]) => {
          const ks = [1, 2, 5, 40, train.length].filter((k) => k <= train.length);
          await expectExact(train, queries, ks, matrix, undefined);
        }),
        { numRuns: 25 },
      );
    }
  });

  it("equals sorting all distances where float32 keys cannot tell rows apart", async () => {
    const cases = fc.record({
      seed: fc.integer(),
      d: fc.constantFrom(1, 3, 17, 130),
      n: fc.integer({ min: 1, max: 250 }),
      offset: fc.constantFrom(0, 1, 1e4, 1e7),
      scale: fc.constantFrom(1e-40, 1e-6, 1, 1e18),
      distinct: fc.constantFrom(2, 40, 1000),
      outlier: fc.constantFrom(0, 1e3, 1e12),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, d, n, offset, scale, distinct, outlier }) => {
        const random = new Random(seed);
        const draw = () => Float32Array.from({ length: d }, () => scale * (offset + random.normal()));
        const pool = Array.from({ length: distinct }, draw);
        const train = Array.from({ length: n }, () => pool[random.integer(distinct)]);
        if (outlier > 0) train[random.integer(n)] = draw().map((value) => value * outlier);
        const queries = [draw(), pool[0], draw().map((value) => value * 1e6)];
        const ks = [1, 2, 1 + random.integer(n), n].filter((k) => k <= n);
        for (const matrix of [float32Matrix, roughMatrix]) await expectExact(train, queries, ks, matrix);
      }),
      { numRuns: 25 },
    );
  });

  it("gives the same bytes again, over several blocks of training rows and queries", async () => {
    const random = new Random(5);
    const draw = (n: number) =>
      Array.from({ length: n }, () => Array.from({ length: 3 }, () => random.integer(60)));
    const [train, queries] = [draw(8200), draw(1030)];
    const index = new NeighborIndex(named(train, "t"), { matrix: javascriptMatrix });
    const [first, second] = [
      await index.search(named(queries, "q"), 3),
      await index.search(named(queries, "q"), 3),
    ];
    expect(second.distances).toEqual(first.distances);
    expect(second.indices).toEqual(first.indices);
    for (const i of [0, 1023, 1024, 1029]) {
      const expected = bruteForce(train, queries[i], 3);
      expect([...first.indices.subarray(3 * i, 3 * i + 3)]).toEqual(expected.indices);
    }
  });

  it("passes over an image itself by id, not its duplicates", async () => {
    const rows = [[1], [1], [5], [9]];
    const features = Features.fromRows(rows, { ids: ["a", "copy of a", "b", "c"] });
    const index = new NeighborIndex(features);
    const table = await index.search(features, 2);
    expect([...table.indices]).toEqual([1, 2, 0, 2, 0, 1, 2, 0]);
    expect(table.distances[0]).toBe(0);
    const withSelf = await index.search(features, 4, { excludeSelf: false });
    expect([...withSelf.indices.subarray(0, 4)]).toEqual([0, 1, 2, 3]);
    await expect(index.search(features, 4)).rejects.toThrow(
      "k must be an integer from 1 to 3 (training images other than the image itself); got 4",
    );
  });

  it("refuses an id that stands for different images unless told what to do", async () => {
    const index = new NeighborIndex(Features.fromRows([[1], [2]], { ids: ["0", "1"] }));
    const queries = Features.fromRows([[7]], { ids: ["1"] });
    await expect(index.search(queries, 1)).rejects.toThrow(
      "image 1 is among the training images and the queries",
    );
    expect((await index.search(queries, 1, { excludeSelf: false })).indices[0]).toBe(1);
    expect((await index.search(queries, 1, { excludeSelf: true })).indices[0]).toBe(0);
  });

  it("names both numbers when k is out of range", async () => {
    const index = new NeighborIndex(Features.fromRows([[1], [2]]));
    const queries = Features.fromRows([[7]]);
    for (const k of [0, 3, 1.5, Number.NaN]) {
      await expect(index.search(queries, k)).rejects.toThrow(
        `k must be an integer from 1 to 2 (training images); got ${k}`,
      );
    }
  });

  it("takes no query, and refuses no training image and features made otherwise", async () => {
    const none = new Features(new Float32Array(0), 1, []);
    const some = Features.fromRows([[1]]);
    expect((await new NeighborIndex(some).search(none, 1)).n).toBe(0);
    await expect(new NeighborIndex(none).search(some, 1)).rejects.toThrow(
      "at least one training image; got none",
    );
    await expect(new NeighborIndex(some).search(some, 1)).rejects.toThrow(
      "the only training image has no neighbor",
    );
    await expect(new NeighborIndex(some).search(Features.fromRows([[1, 2]]), 1)).rejects.toThrow(
      "the queries must have 1 features an image like the training features; got 2",
    );
    await expect(new NeighborIndex(some).search(some, 1, { exclude: true } as object)).rejects.toThrow(
      "search: unknown option exclude (did you mean excludeSelf?); valid options are excludeSelf, method, quiet, signal",
    );
  });

  it("stops when it is interrupted, and gives the engine's memory back", async () => {
    const controller = new AbortController();
    let open = 0;
    const matrix = {
      name: "counting",
      loadRows(rows: Float32Array, n: number, d: number) {
        open++;
        const loaded = javascriptMatrix.loadRows(rows, n, d);
        return {
          ...loaded,
          products(queries: Float32Array, m: number) {
            controller.abort();
            return loaded.products(queries, m);
          },
          dispose: () => void open--,
        };
      },
    };
    const index = new NeighborIndex(Features.fromRows([[1], [2]]), { matrix });
    const search = index.search(Features.fromRows([[3]]), 1, { signal: controller.signal });
    await expect(search).rejects.toThrow(Aborted);
    expect(open).toBe(0);
  });

  it("reports progress up to the last image", async () => {
    const states: number[] = [];
    setProgressListener((state) => void states.push(state.done));
    const index = new NeighborIndex(named([[1], [2], [3]], "t"));
    await index.search(named([[1], [2], [3], [4], [5]], "q"), 1);
    setProgressListener(() => {});
    expect(states.at(-1)).toBe(5);
    expect(index.toString()).toBe("NeighborIndex: 3 training images x 1, exact");
  });
});
