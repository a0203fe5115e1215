import { DataError } from "../core/errors.js";
import { checkInterrupted } from "../core/progress.js";
import type { ImageSet } from "../datasets/image-set.js";
import { loadImage, type Preparation, prepare } from "../images/index.js";
import type { PixelBlock } from "./augment.js";

/**
 * Images in a network's input size, kept as bytes.
 *
 * @param images - the images
 * @param preparation - the network's; must crop to a square
 * @param signal - aborts between images
 * @returns the pixels of all images
 * @throws RangeError when the preparation leaves images of different sizes
 * @throws DataError when an image cannot be read, naming it
 */
export async function pixelBlock(
  images: ImageSet,
  preparation: Preparation,
  signal?: AbortSignal,
): Promise<PixelBlock> {
  const size = preparation.crop;
  if (size === 0) {
    throw new RangeError("the preparation must crop to a square, so that all images have one size; set crop");
  }
  const data = new Uint8Array(images.length * size * size * 3);
  for (let i = 0; i < images.length; i++) {
    if (i % 256 === 0) checkInterrupted(signal);
    const prepared = prepare(await loadImage(images.source(i)), preparation);
    data.set(prepared.data, i * size * size * 3);
  }
  if (images.length === 0) throw new DataError(`${images.name} must hold at least one image; it is empty`);
  return { data, size };
}
