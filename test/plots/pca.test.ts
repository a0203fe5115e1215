import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { Features } from "../../src/extractors/features.js";
import { principalPlane } from "../../src/plots/pca.js";

const random = new Random(0);

describe("the principal plane", () => {
  it("has the directions and shares of a case computed by hand", () => {
    const rows = [2, -2].flatMap((a) => [1, -1].map((b) => [a + 5, b - 1, 3]));
    const plane = principalPlane(Features.fromRows(rows), random);
    expect(plane.explained[0]).toBeCloseTo(0.8, 6);
    expect(plane.explained[1]).toBeCloseTo(0.2, 6);
    expect(plane.project(Float32Array.of(7, -1, 3))[0]).toBeCloseTo(2, 5);
    expect(plane.project(Float32Array.of(5, 0, 3))[1]).toBeCloseTo(1, 5);
  });

  it("is the same where there are more features than images", () => {
    const wide = [0, 1, 2, 3].map((i) =>
      Array.from({ length: 9 }, (_, j) => (j === 4 ? 3 * i : j === 5 ? i % 2 : 1)),
    );
    const plane = principalPlane(Features.fromRows(wide), random);
    expect(plane.explained[0] + plane.explained[1]).toBeCloseTo(1, 6);
    const [first] = plane.project(Float32Array.from(wide[3]));
    const [last] = plane.project(Float32Array.from(wide[0]));
    expect(first).toBeCloseTo(-last, 4);
    expect(first).toBeGreaterThan(4);
  });

  it("is a point for equal images, and the same for the same seed", () => {
    const equal = principalPlane(
      Features.fromRows([
        [1, 2],
        [1, 2],
        [1, 2],
      ]),
      random,
    );
    expect(equal.explained).toEqual([0, 0]);
    const rows = Array.from({ length: 400 }, (_, i) => [i % 17, (i * i) % 23, i % 5]);
    const planes = [1, 1, 2].map((seed) => principalPlane(Features.fromRows(rows), new Random(seed)));
    expect(planes[0].explained).toEqual(planes[1].explained);
    expect(planes[0].explained).not.toEqual(planes[2].explained);
  });
});
