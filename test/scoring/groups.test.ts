import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { Features } from "../../src/extractors/features.js";
import { makeGroups, poolGroups } from "../../src/scoring/index.js";

const features = Features.fromRows(
  [
    [1, 8],
    [3, 2],
    [5, 5],
  ],
  { ids: ["a", "b", "c"] },
);

describe("poolGroups", () => {
  it("takes the mean, the maximum or everything", () => {
    expect([...poolGroups(features, [[0, 1], [2]], "mean").data]).toEqual([2, 5, 5, 5]);
    expect([...poolGroups(features, [[0, 1], [2]], "max").data]).toEqual([3, 8, 5, 5]);
    const joined = poolGroups(
      features,
      [
        [1, 0],
        [0, 2],
      ],
      "concatenation",
    );
    expect(joined.d).toBe(4);
    expect([...joined.data]).toEqual([3, 2, 1, 8, 1, 8, 5, 5]);
  });

  it("names groups after their images and keeps the origin", () => {
    const pooled = poolGroups(
      features,
      [
        [0, 1],
        [2, 1],
        [0, 1],
      ],
      "mean",
    );
    expect(pooled.ids).toEqual(["a + b", "c + b", "a + b (2)"]);
    expect(pooled.provenance).toEqual({ extractor: "own features", steps: ["pooled in groups by mean"] });
  });

  it("refuses empty groups, unknown rows and unequal sizes where they matter", () => {
    expect(() => poolGroups(features, [], "mean")).toThrow("at least one group; got none");
    expect(() => poolGroups(features, [[0], []], "mean")).toThrow("group 1 has none");
    expect(() => poolGroups(features, [[3]], "mean")).toThrow(
      "row must be an integer from 0 to 2 (rows); got 3",
    );
    expect(() => poolGroups(features, [[0, 1], [2]], "concatenation")).toThrow(
      "group 1 has 1; pool by mean or max",
    );
    expect(() => poolGroups(features, [[0]], "median" as "mean")).toThrow(
      "choose from mean, max, concatenation",
    );
  });
});

describe("makeGroups", () => {
  it("divides images into disjoint groups, the same for the same seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(), fc.integer(), (n, extra, seed) => {
        const size = 1 + (extra % n);
        const groups = makeGroups(n, size, new Random(seed));
        expect(groups).toHaveLength(Math.floor(n / size));
        expect(groups.every((group) => group.length === size)).toBe(true);
        const used = groups.flat();
        expect(new Set(used).size).toBe(used.length);
        expect(used.every((row) => row >= 0 && row < n)).toBe(true);
        expect(makeGroups(n, size, new Random(seed))).toEqual(groups);
      }),
    );
  });

  it("takes rows and refuses groups larger than all of them", () => {
    expect(makeGroups(Int32Array.of(4, 9), 2, new Random(1))[0].sort()).toEqual([4, 9]);
    expect(() => makeGroups(3, 4, new Random(1))).toThrow(
      "size of a group must be an integer from 1 to 3 (images); got 4",
    );
  });
});
