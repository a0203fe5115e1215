import type { Image } from "../../core/image.js";
import { type Directory, readDirectory, tags, withDirectory } from "../directory.js";
import { refuse } from "../limits.js";
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
  const directory = readFirst(bytes);
  const { width, height, hasPalette } = checkTiff(bytes, directory);
  // image-js refuses turned pictures and relies on the depth; entries that it need not see may be hostile.
  const plain = new Map(directory).set(tags.orientation, [1]);
  if (!plain.has(tags.depth)) plain.set(tags.depth, [1]);
  // image-js takes 0.4 s to load and only TIFF needs it.
  const { decode } = await import("image-js");
  const decoded = decode(withDirectory(bytes, plain));
  const { data, bitDepth } = decoded.getRawImage();
  const samples = hasPalette
    ? highBytes(data as Uint16Array)
    : toEightBits(data as Uint8Array | Uint16Array, bitDepth);
  const channels = decoded.components === 1 ? 1 : 3;
  const pixels = decoded.alpha ? flatten(samples, channels) : ({ channels, data: samples } as const);
  return turn({ width, height, ...pixels }, orientationOf(directory));
}

/** A palette's 16-bit values are 8-bit ones times 256 in some files and times 257 in others. */
function highBytes(values: Uint16Array): Uint8Array {
  return Uint8Array.from(values, (value) => value >> 8);
}

function readFirst(bytes: Uint8Array): Directory {
  try {
    return readDirectory(bytes);
  } catch {
    return refuse("it is cut off or damaged: its directory lies outside the file");
  }
}
