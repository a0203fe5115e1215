import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frame } from "../../src/plots/layout.js";
import { separate, spread } from "../../src/plots/spread.js";

describe("spread positions", () => {
  it("are moved only as far as needed", () => {
    expect(spread([10, 12, 40], 16, 0, 100)).toEqual([10, 26, 42]);
    expect(spread([95, 5, 99], 10, 0, 100)).toEqual([90, 5, 100]);
  });

  it("keep their order and distance where there is room", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 8 }),
        (wanted) => {
          const placed = spread(wanted, 20, 0, 300).sort((a, b) => a - b);
          for (let i = 1; i < placed.length; i++)
            expect(placed[i] - placed[i - 1]).toBeGreaterThanOrEqual(20 - 1e-9);
          expect(placed[0]).toBeGreaterThanOrEqual(0);
          expect(placed[placed.length - 1]).toBeLessThanOrEqual(300);
        },
      ),
    );
  });
});

describe("separated labels", () => {
  it("do not cover each other", () => {
    const box = { x: 50, y: 100, width: 60, height: 18 };
    const placed = separate([box, { ...box, x: 70 }, { ...box, x: 300 }], 200);
    expect(Math.abs(placed[0] - placed[1])).toBeCloseTo(18, 1);
    expect(placed[2]).toBe(100);
  });
});

describe("a frame", () => {
  it("grows with the lines of its title and escapes them", () => {
    const one = frame({ title: "a <b>" }, { title: "" });
    const many = frame({ title: "long words ".repeat(30), subtitle: "more" }, { title: "" });
    expect(one.heading).toMatchObject([{ text: "a &#60;b&#62;" }]);
    expect(many.heading).toMatchObject([{ text: expect.stringContaining("<br>") }, { text: "more" }]);
    expect(many.size.margin.t - one.size.margin.t).toBeGreaterThan(60);
    expect(many.innerHeight).toBe(one.innerHeight);
  });

  it("refuses a size in which nothing fits", () => {
    expect(() => frame({ width: 20 }, { title: "" })).toThrow(
      "width must be an integer from 200 to 4000 (pixels); got 20",
    );
    expect(() => frame({ height: 80 }, { title: "" })).toThrow("height must be an integer from");
  });
});
