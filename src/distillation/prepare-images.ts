import { DataError } from "../core/errors.js";
import { ProgressMeter } from "../core/progress.js";
import type { ImageSet } from "../datasets/image-set.js";
import { preparedImages } from "../extractors/prepared-images.js";
import type { Preparation } from "../images/index.js";
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
  if (images.length === 0) throw new DataError(`${images.name} must hold at least one image; it is empty`);
  const data = new Uint8Array(images.length * size * size * 3);
  const meter = new ProgressMeter("preparing images", images.length, "images", signal);
  try {
    for await (const prepared of preparedImages(images, [preparation], { signal })) {
      if (prepared.images === undefined) throw new DataError(prepared.reason);
      data.set(prepared.images[0].data, prepared.index * size * size * 3);
      await meter.add(1);
    }
  } finally {
    meter.close();
  }
  return { data, size };
}
