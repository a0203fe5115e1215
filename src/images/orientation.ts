import type { Image } from "../core/image.js";
import { type Directory, readDirectory, tags } from "./directory.js";

const prefix = "Exif\0\0";

/**
 * The orientation that EXIF data name.
 *
 * @param bytes - the EXIF data, with or without the word Exif and two zeros before the byte order mark
 * @returns 1 to 8 as in EXIF; 1 (upright) when there is none or the data are damaged
 */
export function exifOrientation(bytes: Uint8Array): number {
  try {
    const prefixed = String.fromCharCode(...bytes.subarray(0, prefix.length)) === prefix;
    return orientationOf(readDirectory(prefixed ? bytes.subarray(prefix.length) : bytes));
  } catch {
    return 1;
  }
}

/**
 * The orientation in a directory.
 *
 * @param directory - the first directory of a TIFF or of EXIF data
 * @returns 1 to 8; 1 when it names none
 */
export function orientationOf(directory: Directory): number {
  const value = directory.get(tags.orientation)?.[0] ?? 1;
  return value >= 1 && value <= 8 ? value : 1;
}

/**
 * Turns an image upright.
 *
 * @param image - the image as stored
 * @param orientation - 1 to 8 as in EXIF: 2 mirrored, 3 upside down, 4 both, 5 to 8 with rows and columns exchanged
 * @returns the image as meant: the same one for orientation 1
 */
export function turn(image: Image, orientation: number): Image {
  if (orientation <= 1) return image;
  const { width, height, channels, data } = image;
  const exchanged = orientation >= 5;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const outWidth = exchanged ? height : width;
  const outHeight = exchanged ? width : height;
  const out = new Uint8Array(data.length);
  let to = 0;
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const across = exchanged ? y : x;
      const down = exchanged ? x : y;
      const column = fromRight ? width - 1 - across : across;
      const row = fromBottom ? height - 1 - down : down;
      const from = (row * width + column) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c];
    }
  }
  return { width: outWidth, height: outHeight, channels, data: out };
}
