import type { Image } from "../../core/image.js";
import { readDirectory, setUpright } from "../directory.js";
import { orientationOf, turn } from "../orientation.js";
import { flatten, toEightBits } from "../samples.js";
import { checkTiff } from "./check-tiff.js";

/**
 * Reads the first picture of a TIFF with image-js: 1, 8 or 16 bits, grey, RGB or palette, with or without alpha,
 * uncompressed or compressed with LZW or Deflate.
 *
 * @param bytes - the whole file
 * @returns a grey or RGB image
 * @throws Error with the reason as its message
 */
export async function decodeTiff(bytes: Uint8Array): Promise<Image> {
  const directory = readDirectory(bytes);
  const { width, height, photometric } = checkTiff(bytes, directory);
  const orientation = orientationOf(directory);
  // image-js takes 0.4 s to load and only TIFF needs it.
  const { decode } = await import("image-js");
  const decoded = decode(orientation === 1 ? bytes : asUpright(bytes));
  const { data, bitDepth } = decoded.getRawImage();
  const samples =
    photometric === 3
      ? highBytes(data as Uint16Array)
      : toEightBits(data as Uint8Array | Uint16Array, bitDepth);
  const channels = decoded.components === 1 ? 1 : 3;
  const pixels = decoded.alpha ? flatten(samples, channels) : ({ channels, data: samples } as const);
  return turn({ width, height, ...pixels }, orientation);
}

/** A palette's 16-bit values are 8-bit ones times 256 in some files and times 257 in others. */
function highBytes(values: Uint16Array): Uint8Array {
  return Uint8Array.from(values, (value) => value >> 8);
}

/** image-js refuses turned pictures, which are turned here instead. */
function asUpright(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  setUpright(copy);
  return copy;
}
