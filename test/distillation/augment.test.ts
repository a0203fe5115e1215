import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { drawVariations, epochBatches, variedBatch } from "../../src/distillation/index.js";

const raw = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };

function block(rows: number[][]) {
  return { size: rows.length, data: Uint8Array.from(rows.flat().flatMap((v) => [v, v + 100, v + 200])) };
}

function reds(batch: Float32Array): number[] {
  return Array.from(batch, Math.round).filter((_, i) => i % 3 === 0);
}

const image = block([
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]);

describe("a varied batch", () => {
  test("without variation is the normalised image, channels last", () => {
    const still = [{ mirrored: false, right: 0, down: 0 }];
    const scale = { mean: [0, 0.5, 0.5], std: [1, 0.5, 0.25] };
    const batch = variedBatch({ size: 1, data: Uint8Array.of(255, 51, 0) }, [0], still, scale);
    expect(Array.from(batch, (v) => Number(v.toFixed(5)))).toEqual([1, -0.6, -2]);
  });

  test("moves the content and fills the border with its reflection", () => {
    const batch = variedBatch(image, [0], [{ mirrored: false, right: 1, down: -1 }], raw);
    expect(reds(batch)).toEqual([5, 4, 5, 8, 7, 8, 5, 4, 5]);
  });

  test("mirrors left and right", () => {
    expect(reds(variedBatch(image, [0], [{ mirrored: true, right: 0, down: 0 }], raw))).toEqual([
      3, 2, 1, 6, 5, 4, 9, 8, 7,
    ]);
  });

  test("varies each image by itself", () => {
    const two = { size: 1, data: Uint8Array.of(1, 1, 1, 2, 2, 2) };
    const still = { mirrored: false, right: 0, down: 0 };
    expect(reds(variedBatch(two, [1, 0], [still, still], raw))).toEqual([2, 1]);
  });

  test("refuses a move as large as the image", () => {
    expect(() => variedBatch(image, [0], [{ mirrored: false, right: 3, down: 0 }], raw)).toThrow(
      "move in pixels",
    );
  });

  test("draws moves up to the limit, and both sides", () => {
    const drawn = drawVariations(500, 2, new Random(1));
    expect(new Set(drawn.map(({ right }) => right))).toEqual(new Set([-2, -1, 0, 1, 2]));
    const mirrored = drawn.filter((variation) => variation.mirrored).length;
    expect(mirrored).toBeGreaterThan(200);
    expect(mirrored).toBeLessThan(300);
  });

  test("mirrors the share of the images that is asked for, and moves them as otherwise", () => {
    const drawn = (share?: number) => drawVariations(500, 2, new Random(1), share);
    expect(drawn(0)).toEqual(drawn().map((variation) => ({ ...variation, mirrored: false })));
    const mirrored = drawn(0.1).filter((variation) => variation.mirrored).length;
    expect(mirrored).toBeGreaterThan(20);
    expect(mirrored).toBeLessThan(90);
  });
});

describe("the batches of an epoch", () => {
  const options = { batchSize: 4, shift: 1, largerInputs: [{ size: 48, share: 0.5, batchSize: 2 }] };

  test("hold every image at most once and leave out fewer than a batch", () => {
    const seen = [...epochBatches(103, 1, 1, options)].flatMap(({ indices }) => [...indices]);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(99);
  });

  test("are the same for the same seed and epoch, and others for the next epoch", () => {
    const plan = (epoch: number) => JSON.stringify([...epochBatches(20, 5, epoch, options)]);
    expect(plan(1)).toBe(plan(1));
    expect(plan(1)).not.toBe(plan(2));
  });

  test("have the wanted share of larger inputs, of their own batch size", () => {
    const batches = [...epochBatches(3000, 2, 1, options)];
    const larger = batches.filter(({ enlargedTo }) => enlargedTo === 48);
    expect(larger.every(({ indices }) => indices.length === 2)).toBe(true);
    expect(larger.length / batches.length).toBeGreaterThan(0.44);
    expect(larger.length / batches.length).toBeLessThan(0.56);
  });
});
