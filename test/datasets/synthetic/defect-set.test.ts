import { describe, expect, it } from "vitest";
import { ImageSet } from "../../../src/datasets/index.js";
import { syntheticDefects } from "../../../src/datasets/synthetic/defect-set.js";
import { defectKinds, drawFlawed } from "../../../src/datasets/synthetic/draw.js";

describe("pictures with defects", () => {
  it.each(defectKinds)(
    "with a %s differ from the picture without it inside the mask, and nowhere far from it",
    (kind) => {
      for (let number = 0; number < 10; number++) {
        const plain = drawFlawed(`0/${number}`, 64);
        const flawed = drawFlawed(`0/${number}`, 64, kind);
        expect(plain.mask.data.every((value) => value === 0)).toBe(true);
        const marked = flawed.mask.data.reduce((sum, value) => sum + value, 0);
        expect(marked).toBeGreaterThan(3);
        expect(marked).toBeLessThan(800);
        let [inside, far] = [0, 0];
        flawed.mask.data.forEach((value, i) => {
          const change = [0, 1, 2].reduce(
            (sum, c) => sum + Math.abs(flawed.image.data[3 * i + c] - plain.image.data[3 * i + c]),
            0,
          );
          if (value === 1) inside += change / marked;
          else if (kind !== "missing part" && !touches(flawed.mask.data, i)) far += change;
        });
        expect(inside).toBeGreaterThan(15);
        expect(far).toBe(0);
      }
    },
  );

  it("know where they are flawed, in subsets and joined sets too", () => {
    const { train, test } = syntheticDefects({ train: 3, testNormal: 2, testDefect: 2 });
    expect([train.length, test.length]).toEqual([3, 8]);
    expect(test.classNames).toEqual(["good", "scratch", "spot", "missing part"]);
    const marked = (set: ImageSet, i: number) => set.mask(i)?.data.reduce((sum, value) => sum + value, 0);
    expect(marked(test, 0)).toBe(0);
    expect(marked(test, 7)).toBeGreaterThan(0);
    expect(marked(test.subset([7, 0]), 0)).toBe(marked(test, 7));
    expect(marked(ImageSet.concat("both", [train, test]), 10)).toBe(marked(test, 7));
    expect(
      ImageSet.fromImages("plain", [{ width: 1, height: 1, channels: 1, data: Uint8Array.of(0) }]).mask(0),
    ).toBeUndefined();
  });
});

function touches(mask: Uint8Array, i: number): boolean {
  const [x, y] = [i % 64, Math.floor(i / 64)];
  for (let dy = -3; dy <= 3; dy++) {
    for (let dx = -3; dx <= 3; dx++) {
      const [column, row] = [x + dx, y + dy];
      if (column >= 0 && column < 64 && row >= 0 && row < 64 && mask[row * 64 + column] === 1) return true;
    }
  }
  return false;
}
