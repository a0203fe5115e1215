import { extname } from "node:path";
import { refuse } from "./limits.js";

/** The formats that are decoded. */
export type ImageFormat = "PNG" | "JPEG" | "BMP" | "TIFF" | "WebP";

const beginnings: readonly (readonly [ImageFormat, RegExp])[] = [
  ["PNG", /^\x89PNG\r\n\x1a\n/],
  ["JPEG", /^\xff\xd8\xff/],
  ["BMP", /^BM/],
  ["TIFF", /^(II\*\0|MM\0\*)/],
  ["WebP", /^RIFF[\s\S]{4}WEBP/],
];

const otherBeginnings: readonly (readonly [string, RegExp])[] = [
  ["GIF", /^GIF8[79]a/],
  ["HEIC or AVIF", /^[\s\S]{4}ftyp(hei|hev|mif|avi)/],
  ["JPEG 2000", /^(\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/],
  ["JPEG XL", /^(\xff\x0a|\0\0\0\x0cJXL )/],
  ["BigTIFF", /^(II\+\0|MM\0\+)/],
  ["PDF", /^%PDF/],
  ["PSD", /^8BPS/],
];

const extensions: Record<ImageFormat, readonly string[]> = {
  PNG: [".png", ".apng"],
  JPEG: [".jpg", ".jpeg", ".jpe", ".jfif"],
  BMP: [".bmp", ".dib"],
  TIFF: [".tif", ".tiff"],
  WebP: [".webp"],
};

/** File name extensions of the formats that are decoded, in lower case with their dot. */
export const imageExtensions: readonly string[] = Object.values(extensions).flat();

/** How many bytes at the beginning of a file tell its format. */
export const formatBytes = 32;

/**
 * Tells a file's format by its first bytes, and refuses a file whose name says another.
 *
 * @param bytes - the file's beginning
 * @param path - the file's name, if it has one; without a known extension the bytes alone decide
 * @returns the format
 * @throws Refusal when the bytes are no image, of a format that is not read, or of another than the extension's
 */
export function formatOf(bytes: Uint8Array, path?: string): ImageFormat {
  if (bytes.length === 0) refuse("it is empty");
  const beginning = String.fromCharCode(...bytes.subarray(0, formatBytes));
  const format = beginnings.find(([, pattern]) => pattern.test(beginning))?.[0];
  if (!format) {
    const other = otherBeginnings.find(([, pattern]) => pattern.test(beginning))?.[0];
    const known = Object.keys(extensions).join(", ");
    return refuse(
      other
        ? `it is a ${other} file, which is not read; convert it to PNG`
        : `it is no image (${known} are read)`,
    );
  }
  const extension = extname(path ?? "").toLowerCase();
  if (imageExtensions.includes(extension) && !extensions[format].includes(extension)) {
    refuse(`its extension is ${extension} but it is a ${format} file; rename it to ${extensions[format][0]}`);
  }
  return format;
}
