import { encode } from "fast-png";
import type { Image } from "../core/image.js";

/**
 * Encodes an image as PNG.
 *
 * @param image - grey or RGB
 * @returns the bytes of a PNG file, 8 bits a channel
 */
export function encodePng(image: Image): Uint8Array {
  const { width, height, channels, data } = image;
  return encode({ width, height, channels, depth: 8, data });
}
