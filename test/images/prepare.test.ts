import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Image } from "../../src/core/image.js";
import { loadDataSet } from "../../src/datasets/index.js";
import {
  decodeImage,
  describePreparation,
  encodePng,
  loadImage,
  type Preparation,
  prepare,
  readImage,
  resize,
  resizedSize,
  toRgb,
  toTensor,
} from "../../src/images/index.js";
import { describeReal } from "../helpers/real-data.js";
import { largestDifference } from "./golden.js";

const imagenet: Preparation = {
  resize: 256,
  crop: 224,
  filter: "bilinear",
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};
const plain: Preparation = { ...imagenet, resize: 0, crop: 0 };

function ramp(width: number, height: number, channels: 1 | 3): Image {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 37) % 256);
  return { width, height, channels, data };
}

describe("prepare", () => {
  it("brings the shorter side to its length and rounds the longer down", () => {
    expect(resizedSize({ width: 640, height: 480 }, 256)).toEqual({ width: 341, height: 256 });
    expect(resizedSize({ width: 480, height: 640 }, 256)).toEqual({ width: 256, height: 341 });
    expect(resizedSize({ width: 32, height: 32 }, 256)).toEqual({ width: 256, height: 256 });
    expect(resizedSize({ width: 7, height: 9 }, 0)).toEqual({ width: 7, height: 9 });
  });

  it("equals resizing the whole and cropping its centre", () => {
    const image = ramp(41, 30, 3);
    const whole = resize(image, 21, 16);
    const made = prepare(image, { ...imagenet, resize: 16, crop: 10 });
    const left = 6; // (21 - 10) / 2 = 5.5, half to even
    const top = 3;
    for (let y = 0; y < 10; y++) {
      const from = ((top + y) * 21 + left) * 3;
      expect(made.data.subarray(y * 30, (y + 1) * 30)).toEqual(whole.data.subarray(from, from + 30));
    }
  });

  it("rounds half a pixel of margin to the even neighbour", () => {
    const columns = (width: number) =>
      prepare(
        { ...ramp(width, 4, 1), data: new Uint8Array(width * 4).map((_, i) => i % width) },
        { ...plain, crop: 4 },
      ).data[0];
    expect([5, 7, 9, 11].map(columns)).toEqual([0, 2, 2, 4]);
  });

  it("repeats grey in three channels after resizing", () => {
    const grey = ramp(9, 11, 1);
    const made = prepare(grey, { ...imagenet, resize: 6, crop: 5 });
    expect(made.channels).toBe(3);
    for (let i = 0; i < made.data.length; i += 3) expect(made.data[i + 1]).toBe(made.data[i]);
    expect(made.data.filter((_, i) => i % 3 === 2)).toEqual(
      prepare({ ...grey, channels: 1 }, { ...imagenet, resize: 6, crop: 5 }).data.filter(
        (_, i) => i % 3 === 0,
      ),
    );
  });

  it("leaves an image alone when neither resize nor crop is asked for", () => {
    const image = ramp(5, 4, 3);
    expect(prepare(image, plain)).toEqual(image);
  });

  it("prepares images of extreme shape at the cost of the crop", () => {
    const made = prepare(ramp(1, 60000, 3), imagenet);
    expect([made.width, made.height]).toEqual([224, 224]);
    expect(() => prepare(ramp(1, 60000, 3), { ...imagenet, crop: 0 })).toThrow(/at most 100000000 pixels/);
  });

  it("refuses a crop that does not fit", () => {
    expect(() => prepare(ramp(32, 32, 3), { ...imagenet, resize: 0 })).toThrow(
      /crop must fit into the image of 32 x 32/,
    );
    expect(() => prepare(ramp(32, 32, 3), { ...imagenet, resize: 200 })).toThrow(
      /crop must be at most resize/,
    );
    expect(() => prepare(ramp(32, 32, 3), { ...imagenet, resize: -1 })).toThrow(RangeError);
  });

  it("is described by a text that tells any two preparations apart", () => {
    expect(describePreparation(imagenet)).toBe(
      "rgb8 / shorter side 256 bilinear / centre crop 224 / mean 0.485 0.456 0.406 / std 0.229 0.224 0.225",
    );
    expect(describePreparation({ ...plain, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] })).toBe(
      "rgb8 / size as it is / no crop / mean 0.5 0.5 0.5 / std 0.5 0.5 0.5",
    );
  });
});

describe("toTensor", () => {
  it("normalises channel by channel, planes after one another", () => {
    const image: Image = { width: 2, height: 1, channels: 3, data: Uint8Array.of(0, 51, 255, 255, 102, 0) };
    const tensor = toTensor([image, image], { mean: [0, 0.5, 0.5], std: [1, 0.5, 0.25] });
    const once = [0, 1, -0.6, -0.2, 2, -2];
    expect([...tensor].map((v) => Math.round(v * 1e6) / 1e6)).toEqual([...once, ...once]);
  });

  it("fills the array it is given", () => {
    const out = new Float32Array(20).fill(9);
    const tensor = toTensor([ramp(2, 3, 1)], plain, out);
    expect(tensor.buffer).toBe(out.buffer);
    expect(tensor).toHaveLength(18);
    expect(out[18]).toBe(9);
    expect(tensor).toEqual(toTensor([prepare(ramp(2, 3, 1), plain)], plain));
  });

  it("refuses nothing, mixed sizes, short arrays and a deviation of 0", () => {
    expect(() => toTensor([], plain)).toThrow(/at least one image/);
    expect(() => toTensor([ramp(2, 2, 3), ramp(3, 2, 3)], plain)).toThrow(/image 1 is 3 x 2/);
    expect(() => toTensor([ramp(2, 2, 3)], plain, new Float32Array(11))).toThrow(
      /room for 12 numbers; got 11/,
    );
    expect(() => toTensor([ramp(2, 2, 3)], { ...plain, std: [1, 0, 1] })).toThrow(/std must be above 0/);
  });
});

describe("encodePng", () => {
  it("writes what is read back", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(1 as const, 3 as const),
        async (width, height, channels) => {
          const image = ramp(width, height, channels);
          expect(await decodeImage(encodePng(image))).toEqual(image);
        },
      ),
      { numRuns: 30, seed: 4 },
    );
  });
});

describeReal("prepared real images", (folder) => {
  const golden = join(folder, "reference/golden");
  const sets: Record<string, ReturnType<typeof loadDataSet>> = {};

  it.each(["001", "150"])("equals the reference for blood cell %s", async (number) => {
    const made = prepare(await readImage(join(folder, "wbc/Dataset 1", `${number}.bmp`)), imagenet);
    expect(largestDifference(made, await readImage(join(golden, `wbc1_${number}_224.png`)))).toBe(0);
  });

  it.each([
    ["cifar10", "c10_test_0", 0],
    ["cifar10", "c10_test_1234", 1234],
    ["fashion-mnist", "fm_test_0", 0],
  ] as const)("equals the reference for %s, %s", async (set, name, index) => {
    sets[set] ??= loadDataSet(set);
    const { test } = await sets[set];
    const made = prepare(await loadImage(test.source(index)), imagenet);
    expect(largestDifference(made, toRgb(await readImage(join(golden, `${name}_224.png`))))).toBe(0);
  });

  it.each(["cat.jpg", "corgi.jpg"])("reads the photograph %s", async (name) => {
    const image = await decodeImage(new Uint8Array(readFileSync(join(golden, name))), { path: name });
    expect(image.channels).toBe(3);
    expect(prepare(image, imagenet).data).toHaveLength(224 * 224 * 3);
  });
});
