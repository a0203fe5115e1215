import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareNaturally } from "../../src/datasets/order.js";

describe("compareNaturally", () => {
  it("counts as people do, folder by folder", () => {
    const sorted = [
      "a/2.png",
      "a/10.png",
      "a b/1.png",
      "a1",
      "a01",
      "a02b",
      "a2a",
      "a9999999999999999999",
      "B",
      "b",
    ];
    expect([...sorted].reverse().sort(compareNaturally)).toEqual([
      "B",
      "a/2.png",
      "a/10.png",
      "a b/1.png",
      "a01",
      "a1",
      "a02b",
      "a2a",
      "a9999999999999999999",
      "b",
    ]);
  });

  const text = fc.string({ unit: fc.constantFrom("0", "1", "2", "9", "a", "/", ".", "é"), maxLength: 8 });

  it("is 0 for equal texts only and opposite when exchanged", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(compareNaturally(a, b) === 0).toBe(a === b);
        expect(Math.sign(compareNaturally(a, b))).toBe(-Math.sign(compareNaturally(b, a)) + 0);
      }),
    );
  });

  it("is transitive", () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        if (compareNaturally(a, b) < 0 && compareNaturally(b, c) < 0)
          expect(compareNaturally(a, c)).toBeLessThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});
