import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import type { Image } from "../../src/core/image.js";
import type { ResizeFilter } from "../../src/images/coefficients.js";

const folder = join(import.meta.dirname, "../golden/images");

/** A file and the pixels that must be read from it. */
export interface GoldenFile {
  readonly name: string;
  readonly path: string;
  readonly expected: Image;
}

/** An image and what Pillow makes of it at another size. */
export interface GoldenResize {
  readonly input: Image;
  readonly filter: ResizeFilter;
  readonly expected: Image;
}

function unpack(text: string): Uint8Array {
  return new Uint8Array(inflateSync(Buffer.from(text, "base64")));
}

/** @returns every golden file */
export function goldenFiles(): GoldenFile[] {
  return JSON.parse(readFileSync(join(folder, "formats.json"), "utf8")).map(
    ({ name, width, height, channels, pixels }: Record<string, never>) => ({
      name,
      path: join(folder, "files", name),
      expected: { width, height, channels, data: unpack(pixels) },
    }),
  );
}

/** @returns every golden resize */
export function goldenResizes(): GoldenResize[] {
  return JSON.parse(readFileSync(join(folder, "resize.json"), "utf8")).map(
    ({ width, height, channels, toWidth, toHeight, filter, input, output }: Record<string, never>) => ({
      input: { width, height, channels, data: unpack(input) },
      filter,
      expected: { width: toWidth, height: toHeight, channels, data: unpack(output) },
    }),
  );
}

/** @returns the largest difference of any sample, or infinity when size or channels differ */
export function largestDifference(a: Image, b: Image): number {
  if (a.width !== b.width || a.height !== b.height || a.channels !== b.channels)
    return Number.POSITIVE_INFINITY;
  if (a.data.length !== b.data.length) return Number.POSITIVE_INFINITY;
  return a.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b.data[i])), 0);
}
