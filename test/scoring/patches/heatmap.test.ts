import { describe, expect, it } from "vitest";
import type { Preparation } from "../../../src/images/index.js";
import { Heatmap } from "../../../src/scoring/patches/index.js";

const preparation: Preparation = {
  resize: 0,
  crop: 0,
  filter: "bilinear",
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

function grey(width: number, height: number) {
  return { width, height, channels: 1, data: new Uint8Array(width * height) } as const;
}

function heatmap(
  image: ReturnType<typeof grey>,
  values: readonly number[][],
  own: Partial<Preparation> = {},
): Heatmap {
  const [height, width] = [values.length, values[0].length];
  const map = { id: "a", width, height, values: Float32Array.from(values.flat()) };
  return new Heatmap({ image, map, preparation: { ...preparation, ...own }, description: "distance" });
}

describe("a heatmap", () => {
  it("has a place's score at its middle, goes straight from one middle to the next and on unchanged beyond", () => {
    const { values } = heatmap(grey(10, 1), [[0, 5]]);
    expect([...values]).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 5, 5]);
  });

  it("undoes resizing and the centre crop, and leaves what was cut off without a score", () => {
    const map = heatmap(grey(12, 8), [[7]], { resize: 4, crop: 2 });
    const seen = Array.from({ length: 8 }, (_, y) =>
      Array.from({ length: 12 }, (_, x) => (Number.isNaN(map.values[12 * y + x]) ? "." : "#")).join(""),
    );
    expect(seen).toEqual([
      "............",
      "............",
      "....####....",
      "....####....",
      "....####....",
      "....####....",
      "............",
      "............",
    ]);
  });

  it("stretches with an image that was stretched", () => {
    const { values } = heatmap(grey(8, 2), [[1, 2]], { resize: 2, aspect: "stretch" });
    expect([...values.subarray(0, 8)]).toEqual([1, 1, 1.125, 1.375, 1.625, 1.875, 2, 2]);
  });

  it("names its highest pixel", () => {
    const map = heatmap(grey(3, 2), [
      [0, 1, 0],
      [0, 0, 5],
    ]);
    expect(map.peak).toEqual({ x: 2, y: 1, score: 5 });
    expect(String(map)).toBe("Heatmap of a: 3 x 2 pixels, highest at column 2, row 1 (5.000), distance");
  });
});
