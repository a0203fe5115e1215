import { readFile } from "node:fs/promises";
import { decode as decodeWithImageJs } from "image-js";
import { DataError, messageOf } from "../core/errors.js";
import type { Image, ImageSource } from "../core/image.js";
import { decodeBmp } from "./bmp.js";
import { decodeJpeg } from "./jpeg/decode-jpeg.js";

/** What is known of the bytes to decode. */
export interface DecodeOptions {
  /** The file they came from, for messages. */
  readonly path?: string;
}

/**
 * Decodes an encoded image to 8-bit grey or RGB.
 *
 * @param bytes - the whole file
 * @param options - `path` names the file in messages
 * @returns the image
 * @throws DataError when the bytes are no image
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Image> {
  try {
    if (bytes[0] === 0x42 && bytes[1] === 0x4d) return decodeBmp(bytes);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return decodeJpeg(bytes);
    return simplify(bytes);
  } catch (error) {
    throw new DataError(
      `cannot read ${options.path ?? "the image"}: ${messageOf(error)}`,
      options.path,
      error,
    );
  }
}

/**
 * Reads and decodes an image file.
 *
 * @param path - the file
 * @returns the image
 * @throws DataError when there is no such file or it is no image
 */
export async function readImage(path: string): Promise<Image> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new DataError(`cannot read ${path}: ${messageOf(error)}`, path, error);
  }
  return decodeImage(bytes, { path });
}

/**
 * The pixels of an image source.
 *
 * @param source - pixels in memory, or a file
 * @returns the image
 * @throws DataError when the file is missing or no image
 */
export async function loadImage(source: ImageSource): Promise<Image> {
  return source.kind === "pixels" ? source.image : readImage(source.path);
}

function simplify(bytes: Uint8Array): Image {
  let decoded = decodeWithImageJs(bytes);
  if (decoded.bitDepth !== 8) decoded = decoded.convertBitDepth(8);
  const { width, height } = decoded;
  const channels = decoded.components === 1 ? 1 : 3;
  const color = channels === 1 ? "GREY" : "RGB";
  if (decoded.colorModel !== color) decoded = decoded.convertColor(color);
  return { width, height, channels, data: decoded.getRawImage().data as Uint8Array };
}
