import { build } from "esbuild";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareFor, thresholdFor } from "../../../src/widgets/models/explore/threshold.js";
import { visiblePoints } from "../../../src/widgets/models/figures/curve-points.js";
import { largest, smallest } from "../../../src/widgets/models/select-extreme.js";

const scores = fc
  .array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 60 })
  .map((drawn) => Float64Array.from(drawn).sort());

describe("thresholds", () => {
  it("call the share of images that was asked for, as far as equal scores allow", () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 0, max: 100 }), (ascending, percent) => {
        const threshold = thresholdFor(ascending, percent / 100);
        const called = ascending.filter((score) => score >= threshold).length;
        const wanted = Math.floor((percent / 100) * ascending.length + 1e-6);
        expect(called).toBeGreaterThanOrEqual(wanted);
        const atLeast = ascending.filter((score) => score > threshold).length;
        expect(atLeast).toBeLessThanOrEqual(wanted);
      }),
    );
  });

  it("are found again from their place", () => {
    fc.assert(
      fc.property(scores, fc.double({ min: 0, max: 1, noNaN: true }), (ascending, share) => {
        const threshold = thresholdFor(ascending, share);
        expect(thresholdFor(ascending, shareFor(ascending, threshold))).toBeCloseTo(threshold, 6);
      }),
    );
    expect(shareFor(Float64Array.of(1, 2, 3, 4), 3)).toBe(0.5);
    expect(thresholdFor(Float64Array.of(1, 2, 3, 4), 0.5)).toBe(3);
    expect(thresholdFor(Float64Array.of(1, 2, 3, 4), 0.625)).toBe(2.5);
  });
});

describe("extremes", () => {
  it("are those that sorting gives", () => {
    const values = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 });
    fc.assert(
      fc.property(values, fc.nat(10), fc.nat(3), (drawn, count, odd) => {
        const accept = (i: number) => i % 4 !== odd;
        const order = drawn.map((_, i) => i).filter(accept);
        const down = [...order].sort((a, b) => drawn[b] - drawn[a] || a - b);
        const up = [...order].sort((a, b) => drawn[a] - drawn[b] || a - b);
        expect(largest(drawn, count, accept)).toEqual(down.slice(0, count));
        expect(smallest(drawn, count, accept)).toEqual(up.slice(0, count));
      }),
    );
  });
});

describe("visiblePoints", () => {
  const stairs = (steps: readonly boolean[]) => {
    const ups = Math.max(1, steps.filter(Boolean).length);
    const rights = Math.max(1, steps.length - steps.filter(Boolean).length);
    const [x, y] = [new Float64Array(steps.length + 1), new Float64Array(steps.length + 1)];
    steps.forEach((up, i) => {
      x[i + 1] = x[i] + (up ? 0 : 1 / rights);
      y[i + 1] = y[i] + (up ? 1 / ups : 0);
    });
    return { x, y };
  };

  it("keep every corner of a short staircase", () => {
    const { x, y } = stairs([true, true, false, false, false, true, false]);
    expect([...visiblePoints(x, y)]).toEqual([0, 2, 5, 6, 7]);
  });

  it("keep both ends and at most 500 points of a long one, near the curve", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 3000, maxLength: 3000 }), (steps) => {
        const { x, y } = stairs(steps);
        const kept = visiblePoints(x, y);
        expect(kept.length).toBeLessThanOrEqual(500);
        expect([kept[0], kept[kept.length - 1]]).toEqual([0, 3000]);
        for (let j = 1; j < kept.length; j++) {
          const [from, to] = [kept[j - 1], kept[j]];
          for (let i = from; i <= to; i++) {
            const [dx, dy] = [x[to] - x[from], y[to] - y[from]];
            const apart = Math.abs(dx * (y[i] - y[from]) - dy * (x[i] - x[from])) / Math.hypot(dx, dy);
            expect(apart).toBeLessThan(0.02);
          }
        }
      }),
      { numRuns: 5 },
    );
  });
});

it("all models bundle for the browser without Node, in less than 80 kB", async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: 'export { createModel } from "./src/widgets/models/create-model.js";',
      resolveDir: new URL("../../..", import.meta.url).pathname,
    },
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    platform: "browser",
  });
  const [{ text }] = outputFiles;
  expect(text).not.toMatch(/node:|Buffer\b(?!\.isView)|process\./);
  expect(text.length).toBeLessThan(80_000);
});
