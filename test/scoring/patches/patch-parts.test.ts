import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.js";
import { coreset } from "../../../src/scoring/patches/coreset.js";
import { patchRows } from "../../../src/scoring/patches/patch-rows.js";
import { PatchSample } from "../../../src/scoring/patches/patch-sample.js";

describe("patchRows", () => {
  const map = { shape: [2, 2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60) } as const;

  it("gives the channels of each place, row by row", () => {
    expect([...patchRows(map, 1)]).toEqual([1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60]);
  });

  it("averages over the places around that exist", () => {
    const rows = patchRows(map, 3);
    expect([...rows.subarray(0, 2)]).toEqual([(1 + 2 + 4 + 5) / 4, 30]);
    expect([...rows.subarray(2, 4)]).toEqual([3.5, 35]);
  });
});

describe("PatchSample", () => {
  const row = (i: number) => Float32Array.of(i, -i);

  it("keeps all rows while there is room, in order", () => {
    const sample = new PatchSample(5, 2, new Random(1));
    for (let i = 0; i < 4; i++) sample.offer(row(i), () => `row ${i}`);
    expect([...sample.rows]).toEqual([0, -0, 1, -1, 2, -2, 3, -3]);
    expect(sample.names).toEqual(["row 0", "row 1", "row 2", "row 3"]);
  });

  it("keeps each row of a long stream equally often", () => {
    const counts = new Float64Array(20);
    const random = new Random(2);
    const rounds = 4000;
    for (let round = 0; round < rounds; round++) {
      const sample = new PatchSample(5, 2, random);
      for (let i = 0; i < 20; i++) sample.offer(row(i), () => String(i));
      expect(sample.n).toBe(5);
      for (const [at, name] of sample.names.entries()) {
        counts[Number(name)]++;
        expect(sample.rows[2 * at]).toBe(Number(name));
      }
    }
    const expected = rounds / 4;
    for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });
});

describe("coreset", () => {
  it("takes the farthest row each time, so that every row is within twice the best radius", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 2, max: 9 }),
        async (seed, count) => {
          const random = new Random(seed);
          const rows = Float32Array.from({ length: 2 * 30 }, () => random.uniform());
          const chosen = await coreset(rows, 2, count, { random });
          expect(new Set(chosen).size).toBe(count);
          const apart = (a: number, b: number) =>
            Math.hypot(rows[2 * a] - rows[2 * b], rows[2 * a + 1] - rows[2 * b + 1]);
          const radius = (among: readonly number[]) =>
            Math.max(...Array.from({ length: 30 }, (_, i) => Math.min(...among.map((c) => apart(i, c)))));
          for (let i = 1; i < count; i++) {
            const before = [...chosen.subarray(0, i)];
            const distance = Math.min(...before.map((c) => apart(chosen[i], c)));
            expect(distance).toBeCloseTo(radius(before), 6);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it("finds one row of each of three clusters", async () => {
    const rows = Float32Array.from({ length: 60 }, (_, i) => 100 * (i % 3) + i / 100);
    const chosen = await coreset(rows, 1, 3, { random: new Random(4) });
    expect([...chosen].map((i) => i % 3).sort()).toEqual([0, 1, 2]);
  });
});
