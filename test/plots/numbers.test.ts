import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseBins, countInBins, median, outline, roundStep } from "../../src/plots/histogram.js";
import { formatCount, formatNumber } from "../../src/plots/number-format.js";
import { simplifyCurve } from "../../src/plots/simplify.js";

describe("a number for people", () => {
  it.each([
    [0, "0"],
    [12.345, "12.3"],
    [0.001234567, "0.00123"],
    [1234.5, "1,235"],
    [1234567, "1,234,567"],
    [7, "7"],
    [-0.5, "-0.500"],
    [1.2e-7, "1.20e-7"],
    [3e12, "3.00e12"],
  ])("%d is written %s", (value, text) => expect(formatNumber(value)).toBe(text));

  it("has its noun in the right form", () => {
    expect(formatCount(1, "image")).toBe("1 image");
    expect(formatCount(1200, "image")).toBe("1,200 images");
    expect(formatCount(0, "anomaly", "anomalies")).toBe("0 anomalies");
  });
});

describe("bins", () => {
  const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

  it("have round edges", () => {
    expect(chooseBins([0, 10]).edges).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect([0.3, 0.7, 3.1, 14, 90].map(roundStep)).toEqual([0.25, 0.5, 2.5, 10, 100]);
  });

  it("end behind the 99th percentile where a tail is long", () => {
    const { edges, beyond } = chooseBins([...Array.from({ length: 199 }, (_, i) => i % 10), 1000]);
    expect(beyond).toBe(1);
    expect(edges[edges.length - 1]).toBeLessThan(14);
  });

  it("hold every value once, and in the right bin", () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 60 }), (values) => {
        const { edges, beyond } = chooseBins(values);
        const counts = countInBins(values, edges);
        expect(counts.reduce((a, b) => a + b)).toBe(values.length);
        const inFirst = values.filter((value) => value < edges[1]).length;
        expect(counts[0]).toBe(inFirst);
        expect(values.filter((value) => value > edges[edges.length - 1])).toHaveLength(beyond);
        const room = 1e-9 * (Math.abs(edges[0]) + edges[1] - edges[0]);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(edges[0] - room);
      }),
    );
  });

  it("are outlined from the first to the last that is not empty", () => {
    expect(outline([0, 1, 2, 3, 4], [0, 2, 3, 0])).toEqual({ x: [1, 1, 2, 2, 3, 3], y: [0, 2, 2, 3, 3, 0] });
  });

  it("have a median beside them", () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  });
});

describe("a simplified curve", () => {
  it("keeps corners and drops points on a line", () => {
    expect(simplifyCurve([0, 1, 2, 2, 2], [0, 0, 0, 1, 2], 0.01)).toEqual([0, 2, 4]);
  });

  it("stays within the tolerance of every point", () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(unit, unit), { minLength: 2, maxLength: 40 }), (points) => {
        const [x, y] = [points.map((point) => point[0]), points.map((point) => point[1])];
        const kept = simplifyCurve(x, y, 0.1);
        expect(kept[0]).toBe(0);
        expect(kept[kept.length - 1]).toBe(points.length - 1);
        for (let part = 1; part < kept.length; part++) {
          for (let i = kept[part - 1]; i < kept[part]; i++) {
            expect(distance(x, y, i, kept[part - 1], kept[part])).toBeLessThanOrEqual(0.1 + 1e-12);
          }
        }
      }),
    );
  });
});

function distance(x: number[], y: number[], i: number, from: number, to: number): number {
  const steps = Array.from({ length: 2001 }, (_, step) => step / 2000);
  return (
    Math.min(
      ...steps.map((t) =>
        Math.hypot(x[from] + t * (x[to] - x[from]) - x[i], y[from] + t * (y[to] - y[from]) - y[i]),
      ),
    ) - 0.0004
  );
}
