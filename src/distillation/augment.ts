import { integerIn } from "../core/options.js";
import type { Random } from "../core/random.js";

/** Square 8-bit RGB images of one size, one after the other. */
export interface PixelBlock {
  /** Uint8Array, n x size x size x 3. */
  readonly data: Uint8Array;
  /** Side in pixels. */
  readonly size: number;
}

/** Normalisation of pixels: (x / 255 - mean) / std per channel. */
export interface PixelScale {
  /** Subtracted per channel from values in [0, 1]. */
  readonly mean: readonly number[];
  /** Divides per channel. */
  readonly std: readonly number[];
}

/** How an image is varied. */
export interface Variation {
  /** Whether it is turned left to right. */
  readonly mirrored: boolean;
  /** Pixels by which its content moves to the right; the border is filled with its reflection. */
  readonly right: number;
  /** Pixels by which its content moves down. */
  readonly down: number;
}

/**
 * Draws a variation for every image of a batch: mirrored or not by chance, moved by up to `shift` pixels each way.
 *
 * @param count - number of images
 * @param shift - largest move in pixels
 * @param random - the chance
 * @param mirrorShare - probability that an image is mirrored, default one half
 * @returns one variation an image
 */
export function drawVariations(count: number, shift: number, random: Random, mirrorShare = 0.5): Variation[] {
  return Array.from({ length: count }, () => ({
    mirrored: random.bits() >= (1 - mirrorShare) * 2 ** 32,
    right: random.integer(2 * shift + 1) - shift,
    down: random.integer(2 * shift + 1) - shift,
  }));
}

/**
 * A batch of varied images as a network's input, channels last.
 *
 * @param images - the images
 * @param indices - which of them
 * @param variations - one for each
 * @param scale - mean and standard deviation of the channels
 * @returns Float32Array, n x size x size x 3
 * @throws RangeError when a move is not smaller than the image
 */
export function variedBatch(
  images: PixelBlock,
  indices: ArrayLike<number>,
  variations: readonly Variation[],
  scale: PixelScale,
): Float32Array {
  const { data, size } = images;
  const out = new Float32Array(indices.length * size * size * 3);
  const tables = scale.mean.map((mean, c) =>
    Float32Array.from({ length: 256 }, (_, level) => (level / 255 - mean) / scale.std[c]),
  );
  let to = 0;
  for (let i = 0; i < indices.length; i++) {
    const columns = sourcePositions(size, variations[i].right, variations[i].mirrored);
    const rows = sourcePositions(size, variations[i].down, false);
    const first = indices[i] * size * size;
    for (const row of rows) {
      for (const column of columns) {
        const from = (first + row * size + column) * 3;
        for (let c = 0; c < 3; c++) out[to++] = tables[c][data[from + c]];
      }
    }
  }
  return out;
}

/** @returns for each place in a row the place its pixel comes from; the border pixel is not repeated in the reflection */
function sourcePositions(size: number, move: number, mirrored: boolean): Int32Array {
  integerIn("move in pixels", move, 1 - size, size - 1);
  return Int32Array.from({ length: size }, (_, i) => {
    let from = i - move;
    if (from < 0) from = -from;
    if (from >= size) from = 2 * (size - 1) - from;
    return mirrored ? size - 1 - from : from;
  });
}
