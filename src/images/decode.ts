import { DataError, messageOf } from "../core/errors.js";
import type { Image } from "../core/image.js";
import { checkOptions } from "../core/options.js";
import { decodeBmp } from "./bmp.js";
import { formatOf, type ImageFormat } from "./format.js";
import { decodeJpeg } from "./jpeg/decode-jpeg.js";
import { Refusal } from "./limits.js";
import { decodePng } from "./png/decode-png.js";
import { decodeTiff } from "./tiff/decode-tiff.js";
import { decodeWebp } from "./webp.js";

/** What is known of the bytes to decode. */
export interface DecodeOptions {
  /** The file they came from: named in messages, and its extension must agree with the bytes. */
  readonly path?: string;
}

const decoders: Record<ImageFormat, (bytes: Uint8Array) => Image | Promise<Image>> = {
  PNG: decodePng,
  JPEG: decodeJpeg,
  BMP: decodeBmp,
  TIFF: decodeTiff,
  WebP: decodeWebp,
};

/**
 * Decodes a PNG, JPEG, BMP, TIFF or WebP file to 8-bit grey or RGB.
 *
 * Samples of other depths are scaled to 8 bits, alpha is composited on white, CMYK is converted as Pillow does, the
 * orientation in EXIF data is applied, color profiles are ignored. Of a file with several pictures the first is read.
 * Sizes are checked before anything is allocated for them (at most 100 megapixels).
 *
 * @param bytes - the whole file
 * @param options - `path` names the file
 * @returns the image
 * @throws DataError naming the file and the reason when it is empty, no image, cut off, damaged, too large, or of
 *   another format than its extension says
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Image> {
  checkOptions("decodeImage", options, ["path"]);
  const { path } = options;
  try {
    return await decoders[formatOf(bytes, path)](bytes);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * The error for a file that cannot be read as an image.
 *
 * @param path - the file, if it has a name
 * @param error - what was thrown
 * @returns a DataError naming the file and the reason
 */
export function unreadable(path: string | undefined, error: unknown): DataError {
  if (error instanceof DataError) return error;
  const reason = error instanceof Refusal ? error.message : `it is damaged (${messageOf(error)})`;
  return new DataError(`cannot read ${path ?? "the image"}: ${reason}`, path, error);
}
