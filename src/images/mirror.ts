import type { Image } from "../core/image.js";

/**
 * An image turned left to right.
 *
 * @param image - any image
 * @returns a new image of the same size
 */
export function mirror({ width, height, channels, data }: Image): Image {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels;
      const to = (y * width + width - 1 - x) * channels;
      for (let c = 0; c < channels; c++) turned[to + c] = data[from + c];
    }
  }
  return { width, height, channels, data: turned };
}
