import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Features, requireComparable } from "../../src/extractors/features.js";

const rows = [
  [3, 4],
  [0, 0],
  [1, -1],
];

describe("Features", () => {
  it("holds rows in row-major order and shows a row as a view", () => {
    const features = Features.fromRows(rows, { ids: ["a", "b", "c"] });
    expect([features.n, features.d]).toEqual([3, 2]);
    expect([...features.data]).toEqual([3, 4, 0, 0, 1, -1]);
    expect([...features.row(2)]).toEqual([1, -1]);
    expect(features.row(0).buffer).toBe(features.data.buffer);
    expect(() => features.row(3)).toThrow("row must be an integer from 0 to 2 (rows); got 3");
  });

  it("refuses a NaN or infinite feature and names the image", () => {
    const data = Float32Array.of(1, 2, Number.NaN, 3);
    expect(() => new Features(data, 2, ["a.png", "b.png"])).toThrow(
      "feature 0 of image b.png is NaN; leave the image out",
    );
    expect(() => Features.fromRows([[1e300]], { ids: ["a"] })).toThrow("image a is Infinity");
  });

  it("refuses equal ids, no features and sizes that disagree", () => {
    expect(() => Features.fromRows(rows, { ids: ["a", "b", "a"] })).toThrow("a occurs twice");
    expect(() => Features.fromRows(rows, { ids: ["a", "b"] })).toThrow("got 2 ids and 3 rows");
    expect(() => Features.fromRows([])).toThrow("needs at least one row");
    expect(() => Features.fromRows([[], []])).toThrow("must be an integer of at least 1; got 0");
    expect(() => Features.fromRows([[1], [1, 2]])).toThrow("row 1 has 2");
    expect(() => new Features(new Float32Array(5), 2, ["a", "b"])).toThrow("need 4 values; got 5");
    expect(() => Features.fromRows(rows, { name: "x" } as object)).toThrow("unknown option name");
  });

  it("may be empty when d is known", () => {
    expect(new Features(new Float32Array(0), 7, []).n).toBe(0);
  });

  it("makes equal ids for equal data and different ids for different data", () => {
    const [a, b, c] = [rows, rows, [...rows, [1, 1]]].map((data) => Features.fromRows(data));
    expect(a.ids).toEqual(b.ids);
    expect(new Set([...a.ids, ...c.ids]).size).toBe(7);
  });

  it("normalises rows to unit length and leaves zero rows zero", () => {
    const normalized = Features.fromRows(rows).normalized();
    expect([...normalized.data.slice(0, 4)]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 0]);
    expect(normalized.provenance.steps).toEqual(["L2-normalised"]);
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: Math.fround(-1e30), max: Math.fround(1e30), noNaN: true }), {
          minLength: 1,
        }),
        (row) => {
          const length = Math.hypot(...Features.fromRows([row]).normalized().data);
          return row.every((value) => value === 0) ? length === 0 : Math.abs(length - 1) < 1e-6;
        },
      ),
    );
  });

  it("takes subsets in the order asked for and joins them again", () => {
    const features = Features.fromRows(rows, { ids: ["a", "b", "c"] });
    const parts = [features.subset([2, 0]), features.subset(Int32Array.of(1))];
    expect(parts[0].ids).toEqual(["c", "a"]);
    const joined = Features.concat(...parts);
    expect([...joined.data]).toEqual([1, -1, 3, 4, 0, 0]);
    expect(joined.ids).toEqual(["c", "a", "b"]);
    expect(() => features.subset([1, 1])).toThrow("b occurs twice");
    expect(() => features.subset([3])).toThrow("got 3");
    expect(() => Features.concat(features, features)).toThrow("occurs twice");
  });

  it("says what it is", () => {
    expect(Features.fromRows(rows, { extractor: "mine" }).normalized().toString()).toBe(
      "Features: 3 images x 2 (mine, L2-normalised)",
    );
  });
});

describe("requireComparable", () => {
  it("refuses features of another size, extractor or treatment", () => {
    const features = Features.fromRows(rows, { extractor: "a" });
    const check = (other: Features) => () =>
      requireComparable(features, other, "training features", "queries");
    expect(check(Features.fromRows([[1, 2]], { extractor: "a" }))).not.toThrow();
    expect(check(Features.fromRows([[1, 2, 3]], { extractor: "a" }))).toThrow(
      "queries must have 2 features an image like training features; got 3",
    );
    expect(check(Features.fromRows([[1, 2]], { extractor: "b" }))).toThrow("made alike; extractor: a and b");
    expect(check(features.normalized())).toThrow("steps since extraction: none and L2-normalised");
  });
});
