import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { splitByClass } from "../../src/datasets/split.js";

describe("splitByClass", () => {
  it("takes the first of each class in order without chance", () => {
    expect(splitByClass([0, 1, 0, 0, 0, 0, 1], 0.8)).toEqual({ train: [0, 1, 2, 3, 4], test: [5, 6] });
  });

  it("puts every image in one of the two parts, with the right number of each class", () => {
    const labels = fc.array(fc.nat(4), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(labels, fc.integer({ min: 1, max: 99 }), fc.option(fc.nat()), (classes, percent, seed) => {
        const { train, test } = splitByClass(
          classes,
          percent / 100,
          seed === null ? undefined : new Random(seed),
        );
        expect([...train, ...test].sort((a, b) => a - b)).toEqual(classes.map((_, i) => i));
        for (const label of new Set(classes)) {
          const n = classes.filter((one) => one === label).length;
          const trained = train.filter((i) => classes[i] === label).length;
          expect(trained).toBe(Math.max(1, Math.floor((n * percent) / 100)));
        }
      }),
    );
  });
});
