import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Features } from "../../src/extractors/features.js";
import { NeighborIndex } from "../../src/neighbors/index.js";

interface Golden {
  k: number;
  train: number[][];
  queries: number[][];
  faissIds: number[][];
  faissSquared: number[][];
  sklearnEuclidean: number[][];
  tiedTrain: number[][];
  tiedQueries: number[][];
  tiedIndices: number[][];
  tiedSquared: number[][];
}

const path = new URL("../golden/neighbors/golden.json", import.meta.url);
const golden: Golden = JSON.parse(readFileSync(path, "utf8"));

describe("the exact search", () => {
  it("agrees with faiss on ids and, up to faiss's own rounding, on squared distances", async () => {
    const { k, train, queries, faissIds, faissSquared } = golden;
    const table = await new NeighborIndex(Features.fromRows(train)).search(Features.fromRows(queries), k);
    expect([...table.indices]).toEqual(faissIds.flat());
    faissSquared.flat().forEach((distance, i) => {
      expect(Math.abs(table.distances[i] - distance)).toBeLessThan(1e-4 + 1e-5 * distance);
    });
    expect(table.distances[3 * k]).toBe(0);
  });

  it("agrees with scikit-learn's float64 distances", async () => {
    const { k, train, queries, sklearnEuclidean } = golden;
    const table = await new NeighborIndex(Features.fromRows(train)).search(Features.fromRows(queries), k);
    sklearnEuclidean.flat().forEach((distance, i) => {
      expect(Math.abs(Math.sqrt(table.distances[i]) - distance)).toBeLessThan(1e-6);
    });
  });

  it("orders equally near rows as NumPy's stable sort does", async () => {
    const { k, tiedTrain, tiedQueries, tiedIndices, tiedSquared } = golden;
    const table = await new NeighborIndex(Features.fromRows(tiedTrain)).search(
      Features.fromRows(tiedQueries),
      k,
    );
    expect([...table.indices]).toEqual(tiedIndices.flat());
    expect([...table.distances]).toEqual(tiedSquared.flat());
  });
});
