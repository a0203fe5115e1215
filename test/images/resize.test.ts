import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Image } from "../../src/core/image.js";
import { resize, resizeWindow } from "../../src/images/index.js";
import { goldenResizes, largestDifference } from "./golden.js";

function row(...data: number[]): Image {
  return { width: data.length, height: 1, channels: 1, data: Uint8Array.from(data) };
}

const anyImage = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    channels: fc.constantFrom(1 as const, 3 as const),
  })
  .chain(({ width, height, channels }) =>
    fc
      .uint8Array({ minLength: width * height * channels, maxLength: width * height * channels })
      .map((data): Image => ({ width, height, channels, data })),
  );
const anySide = fc.integer({ min: 1, max: 60 });

/** The triangle filter by its formula in floating point, without rounding between the axes. */
function tent(image: Image, width: number, height: number): Float64Array {
  const taps = (inputs: number, outputs: number, i: number) => {
    const scale = inputs / outputs;
    const weights = Array.from({ length: inputs }, (_, k) => ({
      k,
      w: Math.max(0, 1 - Math.abs(k + 0.5 - (i + 0.5) * scale) / Math.max(1, scale)),
    })).filter(({ w }) => w > 0);
    const sum = weights.reduce((total, { w }) => total + w, 0);
    return weights.map(({ k, w }) => ({ k, w: w / sum }));
  };
  const across = Array.from({ length: width }, (_, x) => taps(image.width, width, x));
  const down = Array.from({ length: height }, (_, y) => taps(image.height, height, y));
  const out = new Float64Array(width * height * image.channels);
  for (let i = 0; i < out.length; i++) {
    const c = i % image.channels;
    const x = Math.floor(i / image.channels) % width;
    const y = Math.floor(i / image.channels / width);
    for (const v of down[y]) {
      for (const u of across[x]) {
        out[i] += v.w * u.w * image.data[(v.k * image.width + u.k) * image.channels + c];
      }
    }
  }
  return out;
}

describe("resize", () => {
  it("spreads a row by the triangle filter", () => {
    expect([...resize(row(0, 100, 200, 40), 8, 1).data]).toEqual([0, 25, 75, 125, 175, 160, 80, 40]);
  });

  it("averages when shrinking", () => {
    const eight = row(0, 100, 200, 40, 90, 10, 255, 30);
    expect([...resize(eight, 4, 1).data]).toEqual([71, 114, 74, 124]);
    expect([...resize(eight, 3, 1).data]).toEqual([90, 84, 119]);
  });

  it("takes the pixel under the centre with the filter nearest", () => {
    expect([...resize(row(1, 2, 3), 5, 1, "nearest").data]).toEqual([1, 1, 2, 3, 3]);
  });

  it.each(["nearest", "bilinear", "bicubic"] as const)("keeps an image of the same size, %s", (filter) => {
    const image = row(3, 1, 4, 1, 5, 9, 2, 6);
    expect(resize(image, 8, 1, filter)).toEqual(image);
  });

  it("equals Pillow on every pixel of the golden images", () => {
    for (const { input, filter, expected } of goldenResizes()) {
      const made = resize(input, expected.width, expected.height, filter);
      const name = `${input.width} x ${input.height} to ${expected.width} x ${expected.height} ${filter}`;
      expect(largestDifference(made, expected), name).toBe(0);
    }
  });

  it("is within 1 grey level of the triangle formula at any size", () => {
    fc.assert(
      fc.property(anyImage, anySide, anySide, (image, width, height) => {
        const exact = tent(image, width, height);
        const made = resize(image, width, height).data;
        const worst = exact.reduce((most, value, i) => Math.max(most, Math.abs(made[i] - value)), 0);
        expect(worst).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it("makes a window equal to the same part of the whole", () => {
    const filters = fc.constantFrom("nearest" as const, "bilinear" as const, "bicubic" as const);
    fc.assert(
      fc.property(
        anyImage,
        anySide,
        anySide,
        filters,
        fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
        (image, width, height, filter, [a, b, c, d]) => {
          const left = a % width;
          const top = b % height;
          const window = { left, top, width: 1 + (c % (width - left)), height: 1 + (d % (height - top)) };
          const whole = resize(image, width, height, filter);
          const part = resizeWindow(image, width, height, filter, window);
          const rowBytes = window.width * image.channels;
          for (let y = 0; y < window.height; y++) {
            const from = ((top + y) * width + left) * image.channels;
            expect(part.data.subarray(y * rowBytes, (y + 1) * rowBytes)).toEqual(
              whole.data.subarray(from, from + rowBytes),
            );
          }
        },
      ),
      { numRuns: 150, seed: 2 },
    );
  });

  it("keeps a constant image constant", () => {
    fc.assert(
      fc.property(
        anySide,
        anySide,
        anySide,
        anySide,
        fc.integer({ min: 0, max: 255 }),
        (w, h, width, height, value) => {
          const image: Image = { width: w, height: h, channels: 1, data: new Uint8Array(w * h).fill(value) };
          for (const filter of ["bilinear", "bicubic"] as const) {
            expect(resize(image, width, height, filter).data.every((v) => v === value)).toBe(true);
          }
        },
      ),
      { numRuns: 50, seed: 3 },
    );
  });

  it("refuses impossible sizes and unknown filters", () => {
    expect(() => resize(row(1), 0, 4)).toThrow(/width must be an integer/);
    expect(() => resize(row(1), 4, 2.5)).toThrow(RangeError);
    expect(() => resize(row(1), 50_000, 50_000)).toThrow(/at most 100000000 pixels/);
    expect(() => resize(row(1), 4, 4, "lanczos" as never)).toThrow(/choose from nearest, bilinear, bicubic/);
    expect(() => resizeWindow(row(1), 4, 4, "bilinear", { left: 2, top: 0, width: 3, height: 1 })).toThrow(
      RangeError,
    );
  });
});
