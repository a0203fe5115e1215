import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";

describe("Random", () => {
  it("gives the same sequence for the same seed, and always will", () => {
    const random = new Random(1);
    expect([random.bits(), random.bits(), random.bits()]).toEqual([1322085210, 3448142222, 3302272250]);
  });

  it("gives different sequences for different seeds", () => {
    const firsts = Array.from({ length: 5000 }, (_, seed) => new Random(seed).bits());
    expect(new Set(firsts).size).toBe(5000);
    expect(new Random("a").bits()).not.toBe(new Random("b").bits());
  });

  it("forks into independent sequences by label", () => {
    const random = new Random(7);
    const labels = Array.from({ length: 1000 }, (_, i) => random.fork(i).bits());
    expect(new Set(labels).size).toBe(1000);
    expect(random.fork("x").bits()).toBe(random.fork("x").bits());
    expect(random.fork("x").bits()).not.toBe(new Random(8).fork("x").bits());
  });

  it("draws uniform, integer and normal numbers with the right means", () => {
    const random = new Random("means");
    const mean = (draw: () => number) =>
      Array.from({ length: 20_000 }, draw).reduce((a, b) => a + b) / 20_000;
    expect(mean(() => random.uniform())).toBeCloseTo(0.5, 1);
    expect(mean(() => random.between(2, 4))).toBeCloseTo(3, 1);
    expect(mean(() => random.integer(5))).toBeCloseTo(2, 1);
    expect(mean(() => random.normal())).toBeCloseTo(0, 1);
    expect(mean(() => random.normal() ** 2)).toBeCloseTo(1, 1);
  });

  it("shuffles into a permutation and draws without replacement", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(), (n, seed) => {
        const all = Array.from({ length: n }, (_, i) => i);
        expect(new Random(seed).shuffle([...all]).sort((a, b) => a - b)).toEqual(all);
        expect(new Set(new Random(seed).sample(n, Math.ceil(n / 2))).size).toBe(Math.ceil(n / 2));
      }),
    );
    expect(() => new Random(0).sample(2, 3)).toThrow("cannot draw 3 different items from 2");
  });
});
