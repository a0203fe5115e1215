import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/core/errors.js";
import { decodeImage, readImage } from "../../src/images/index.js";
import { toRgb } from "../../src/images/prepare.js";
import { goldenFiles, largestDifference } from "./golden.js";

const golden = goldenFiles();

describe("decoding", () => {
  it.each(golden)("reads every pixel of $name as Pillow does", async ({ path, expected }) => {
    const image = await readImage(path);
    const both = image.channels === expected.channels ? [image, expected] : [toRgb(image), toRgb(expected)];
    expect(largestDifference(both[0], both[1])).toBe(0);
  });

  it.each(golden)("refuses $name cut off anywhere", async ({ name, path, expected }) => {
    const bytes = new Uint8Array(readFileSync(path));
    const step = Math.max(1, Math.floor(bytes.length / 40));
    for (let missing = 1; missing <= bytes.length; missing += missing < 4 ? 1 : step) {
      const result = await decodeImage(bytes.slice(0, -missing), { path: name }).catch((error) => error);
      // The last bytes of a BMP are padding, those of a TIFF may be notes: without them the picture is whole.
      const whole = /bmp|tif$/.test(name) && !(result instanceof Error);
      if (whole) expect(largestDifference(toRgb(result), toRgb(expected)), `${missing} less`).toBe(0);
      else expect(result, `${missing} less`).toBeInstanceOf(DataError);
    }
  });

  it.each(golden)("gives an image or a DataError for $name with damaged bytes", async ({ name, path }) => {
    const bytes = new Uint8Array(readFileSync(path));
    for (let i = 0; i < 60; i++) {
      const damaged = bytes.slice();
      const at = (i * 7919) % damaged.length;
      damaged[at] ^= 1 << (i % 8);
      damaged[(at * 31 + i) % damaged.length] = (i * 37) & 255;
      try {
        const image = await decodeImage(damaged, { path: name });
        expect(image.data.length).toBe(image.width * image.height * image.channels);
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
      }
    }
  });
});
