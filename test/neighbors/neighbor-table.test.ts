import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NeighborTable } from "../../src/neighbors/neighbor-table.js";

const table = new NeighborTable({
  kMax: 3,
  distances: Float64Array.of(1, 4, 9, 0, 16, 16),
  indices: Int32Array.of(2, 0, 1, 1, 0, 2),
  queryIds: ["p", "q"],
  trainIds: ["a", "b", "c"],
});

describe("NeighborTable", () => {
  it("gives the mean squared distance to the k nearest", () => {
    expect([...table.scores(1).values]).toEqual([1, 0]);
    expect([...table.scores(2).values]).toEqual([2.5, 8]);
    expect([...table.scores(3).values]).toEqual([14 / 3, 32 / 3]);
    expect(table.scores(2).ids).toEqual(["p", "q"]);
    expect(table.scores(2).k).toBe(2);
  });

  it("gives Euclidean and k-th distances", () => {
    expect([...table.scores(2, { distance: "euclidean" }).values]).toEqual([1.5, 2]);
    expect([...table.scores(2, { statistic: "kth" }).values]).toEqual([4, 16]);
    expect([...table.scores(3, { distance: "euclidean", statistic: "kth" }).values]).toEqual([3, 4]);
  });

  it("says what the scores are", () => {
    const described = (k: number, options = {}) => table.scores(k, options).description;
    expect(described(2)).toBe("mean squared distance to 2 nearest");
    expect(described(1)).toBe("squared distance to nearest");
    expect(described(3, { distance: "euclidean" })).toBe("mean Euclidean distance to 3 nearest");
    expect(described(2, { statistic: "kth" })).toBe("squared distance to 2nd nearest");
    expect(described(3, { statistic: "kth" })).toBe("squared distance to 3rd nearest");
    expect(`${table} / ${table.scores(2)}`).toBe(
      "NeighborTable: 2 images, 3 nearest of 3 training images each / Scores: 2 images, mean squared distance to 2 nearest",
    );
  });

  it("lists neighbors with ids and both distances", () => {
    expect(table.neighbors(0, 2)).toEqual([
      { index: 2, id: "c", distance: 1, squaredDistance: 1 },
      { index: 0, id: "a", distance: 2, squaredDistance: 4 },
    ]);
    expect(table.neighbors(1)).toHaveLength(3);
    expect(() => table.neighbors(2)).toThrow("got 2");
  });

  it("refuses k out of range, unknown options and sizes that disagree", () => {
    expect(() => table.scores(4)).toThrow("k must be an integer from 1 to 3 (neighbors in the table); got 4");
    expect(() => table.scores(2, { distance: "cosine" } as object)).toThrow(
      "unknown distance: cosine; choose from squared, euclidean",
    );
    expect(() => table.scores(2, { metric: "x" } as object)).toThrow("unknown option metric");
    expect(() => new NeighborTable({ ...table, kMax: 2 })).toThrow(
      "needs 4 distances and indices; got 6 and 6",
    );
  });

  it("comes back from JSON with distances rounded to float32", () => {
    const distances = fc.array(fc.double({ min: 0, max: 1e30, noNaN: true }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(fc.array(distances, { maxLength: 10 }), (rows) => {
        const made = new NeighborTable({
          kMax: 2,
          distances: Float64Array.from(rows.flatMap((row) => row.sort((a, b) => a - b))),
          indices: Int32Array.from({ length: 2 * rows.length }, (_, i) => i),
          queryIds: rows.map((_, i) => `q${i}`),
          trainIds: rows.flatMap((_, i) => [`t${2 * i}`, `t${2 * i + 1}`]),
        });
        const back = NeighborTable.fromJSON(JSON.parse(JSON.stringify(made)));
        expect(back.distances).toEqual(made.distances.map(Math.fround));
        expect(back.indices).toEqual(made.indices);
        expect([back.queryIds, back.trainIds]).toEqual([made.queryIds, made.trainIds]);
      }),
    );
  });
});
