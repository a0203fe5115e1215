import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setProgressListener } from "../../src/core/progress.js";
import { Random } from "../../src/core/random.js";
import { Features } from "../../src/extractors/features.js";
import { NeighborIndex, searchParts } from "../../src/neighbors/index.js";

beforeAll(() => setProgressListener(() => {}));
afterAll(() => setProgressListener(undefined));

const random = new Random(6);
const [n, d] = [120, 7];
const train = new Features(
  Float32Array.from({ length: n * d }, () => random.integer(4)),
  d,
  Array.from({ length: n }, (_, i) => `t${i}`),
);
const parts = [
  Array.from({ length: 50 }, (_, i) => 2 * i + 1),
  [7],
  Array.from({ length: 40 }, (_, i) => 119 - i),
];

describe("searchParts", () => {
  it("gives the bytes of a search in each part, images among the training images included", async () => {
    const queries = train.subset([3, 7, 100, 118]);
    for (const method of ["auto", "full", "pruned"] as const) {
      const tables = await searchParts(train, [parts[0], parts[2]], queries, 5, { method });
      for (const [i, rows] of [parts[0], parts[2]].entries()) {
        const alone = await new NeighborIndex(train.subset(rows)).search(queries, 5);
        expect(tables[i].indices).toEqual(alone.indices);
        expect(tables[i].distances).toEqual(alone.distances);
        expect(tables[i].trainIds).toEqual(alone.trainIds);
      }
    }
  });

  it("keeps fewer neighbors where a part has fewer rows, and takes no part at all", async () => {
    const queries = new Features(new Float32Array(2 * d), d, ["a", "b"]);
    const tables = await searchParts(train, parts, queries, 45);
    expect(tables.map(({ kMax }) => kMax)).toEqual([45, 1, 40]);
    expect(await searchParts(train, [], queries, 2)).toEqual([]);
    await expect(searchParts(train, [[]], queries, 2)).rejects.toThrow(
      "at least one training image; got none",
    );
  });
});
