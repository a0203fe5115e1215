import { DataError, messageOf } from "../core/errors.js";
import type { Aspect, ImageSource } from "../core/image.js";
import { loadImage, type Preparation, type PreparedImage, prepare } from "../images/index.js";

/** An image in each of its preparations, or why it cannot be read. */
export type PrepareResult =
  | { readonly images: readonly PreparedImage[]; readonly aspect: Aspect | undefined }
  | { readonly images: undefined; readonly reason: string };

/**
 * Decodes one image and prepares it.
 *
 * @param source - where its pixels come from, or a function that says so
 * @param preparations - how an image becomes a network's input, once for each size; the source's own aspect goes before
 * @returns the prepared image, or one sentence on why the file cannot be read
 */
export async function prepareSource(
  source: ImageSource | (() => ImageSource),
  preparations: readonly Preparation[],
): Promise<PrepareResult> {
  try {
    const given = typeof source === "function" ? source() : source;
    const { aspect } = given;
    const image = await loadImage(given);
    return { images: preparations.map((preparation) => prepare(image, { ...preparation, aspect })), aspect };
  } catch (error) {
    return refused(error);
  }
}

/**
 * @param error - what was thrown while an image was read
 * @returns the result that says why
 * @throws the error itself when it is not about the image
 */
export function refused(error: unknown): PrepareResult {
  if (!(error instanceof DataError) && !(error instanceof RangeError)) throw error;
  return { images: undefined, reason: messageOf(error) };
}
