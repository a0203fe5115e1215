import type { Image } from "../core/image.js";

/**
 * Scales samples of any depth to 8 bits: round(value x 255 / largest value).
 *
 * @param values - one sample per element
 * @param depth - bits of a sample, 1 to 16
 * @returns the samples from 0 to 255; the same array when they were
 */
export function toEightBits(values: Uint8Array | Uint16Array, depth: number): Uint8Array {
  if (depth === 8) return values as Uint8Array;
  const largest = 2 ** depth - 1;
  const out = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = Math.floor((values[i] * 255) / largest + 0.5);
  return out;
}

/**
 * Composites on white: round(value x alpha + 255 x (1 - alpha)).
 *
 * @param data - samples of 8 bits, alpha last in every pixel and not multiplied into the others
 * @param channels - color channels before the alpha
 * @returns the opaque pixels
 */
export function flatten(data: Uint8Array, channels: 1 | 3): Pick<Image, "channels" | "data"> {
  const pixels = data.length / (channels + 1);
  const out = new Uint8Array(pixels * channels);
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from++) {
    const alpha = data[from + channels];
    for (let c = 0; c < channels; c++) out[to++] = onWhite(data[from++], alpha);
  }
  return { channels, data: out };
}

/**
 * One value on white.
 *
 * @param value - 0 to 255
 * @param alpha - opacity, 0 to 255
 * @returns the value seen, 0 to 255
 */
export function onWhite(value: number, alpha: number): number {
  return Math.floor((value * alpha + 255 * (255 - alpha)) / 255 + 0.5);
}
