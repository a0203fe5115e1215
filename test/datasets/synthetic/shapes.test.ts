import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.js";
import { capsule, coverage, ellipse, Noise, smoothUnion } from "../../../src/datasets/synthetic/shapes.js";

describe("shapes", () => {
  it("are distances: negative inside, 0 on the outline", () => {
    const disc = ellipse({ x: 10, y: 10, rx: 5, ry: 5, angle: 0 });
    expect([disc(10, 10), disc(15, 10), disc(10, 18)]).toEqual([-5, 0, 3]);
    const lying = ellipse({ x: 0, y: 0, rx: 4, ry: 2, angle: 0 });
    expect(lying(4, 0)).toBeCloseTo(0);
    expect(lying(0, 2)).toBeCloseTo(0);
    expect(lying(0, 0)).toBe(-2);
    const standing = ellipse({ x: 0, y: 0, rx: 4, ry: 2, angle: Math.PI / 2 });
    expect(standing(0, 4)).toBeCloseTo(0);
    const line = capsule({ x: 0, y: 0 }, { x: 10, y: 0 }, 1);
    expect([line(5, 3), line(-4, 0), line(5, 0)]).toEqual([2, 3, -1]);
    expect(capsule({ x: 1, y: 1 }, { x: 1, y: 1 }, 1)(1, 3)).toBe(1);
  });

  it("join with a rounded seam that reaches no farther than the rounding", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.double({ min: -9, max: 9, noNaN: true }),
        (a, b) => {
          const joined = smoothUnion(a, b, 2);
          expect(joined).toBeLessThanOrEqual(Math.min(a, b));
          expect(joined).toBeGreaterThanOrEqual(Math.min(a, b) - 0.5);
        },
      ),
    );
    expect(smoothUnion(3, Number.POSITIVE_INFINITY, 2)).toBe(3);
  });

  it("cover half a pixel on their outline", () => {
    expect([coverage(-1, 1), coverage(0, 1), coverage(1, 1)]).toEqual([1, 0.5, 0]);
  });
});

describe("Noise", () => {
  it("stays within -1 and 1 and is continuous", () => {
    const noise = new Noise(new Random(1), 6);
    const positions = fc.double({ min: -20, max: 90, noNaN: true });
    fc.assert(
      fc.property(positions, positions, (x, y) => {
        expect(Math.abs(noise.at(x, y))).toBeLessThanOrEqual(1);
        expect(Math.abs(noise.at(x + 0.01, y) - noise.at(x, y))).toBeLessThan(0.01);
      }),
    );
  });
});
