import { DataError, messageOf } from "../core/errors.js";
import type { Aspect } from "../core/image.js";
import { checkInterrupted } from "../core/progress.js";
import type { ImageSet } from "../datasets/image-set.js";
import { loadImage, type Preparation, type PreparedImage, prepare } from "../images/index.js";

/** An image ready for a network, or the reason why it cannot be read. */
export type MaybePrepared =
  | { readonly index: number; readonly image: PreparedImage; readonly aspect: Aspect | undefined }
  | { readonly index: number; readonly image: undefined; readonly reason: string };

/** How `preparedImages` works. */
export interface PreparedImagesOptions {
  /** First image, default 0. */
  readonly start?: number;
  /** Image after the last, default all. */
  readonly end?: number;
  /** Aborts between images. */
  readonly signal?: AbortSignal;
}

/**
 * Decodes and prepares the images of a set one after another.
 *
 * @param images - the images
 * @param preparation - how an image becomes a network's input
 * @param options - which images, abort signal
 * @returns every image in order, prepared, or why it cannot be read
 * @throws Aborted when interrupted
 */
export async function* preparedImages(
  images: ImageSet,
  preparation: Preparation,
  options: PreparedImagesOptions = {},
): AsyncGenerator<MaybePrepared, void, undefined> {
  const { start = 0, end = images.length, signal } = options;
  for (let index = start; index < end; index++) {
    checkInterrupted(signal);
    yield await prepareOne(images, index, preparation);
  }
}

async function prepareOne(images: ImageSet, index: number, preparation: Preparation): Promise<MaybePrepared> {
  try {
    const source = images.source(index);
    const { aspect } = source;
    return { index, image: prepare(await loadImage(source), { ...preparation, aspect }), aspect };
  } catch (error) {
    if (!(error instanceof DataError) && !(error instanceof RangeError)) throw error;
    return { index, image: undefined, reason: messageOf(error) };
  }
}
