import { DataError, messageOf } from "../core/errors.js";
import type { Aspect, ImageSource } from "../core/image.js";
import { loadImage, type Preparation, type PreparedImage, prepare } from "../images/index.js";

/** A prepared image, or why it cannot be read. */
export type PrepareResult =
  | { readonly image: PreparedImage; readonly aspect: Aspect | undefined }
  | { readonly image: undefined; readonly reason: string };

/**
 * Decodes and prepares one image.
 *
 * @param source - where its pixels come from, or a function that says so
 * @param preparation - how an image becomes a network's input; the source's own aspect goes before
 * @returns the prepared image, or one sentence on why the file cannot be read
 */
export async function prepareSource(
  source: ImageSource | (() => ImageSource),
  preparation: Preparation,
): Promise<PrepareResult> {
  try {
    const given = typeof source === "function" ? source() : source;
    const { aspect } = given;
    return { image: prepare(await loadImage(given), { ...preparation, aspect }), aspect };
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
  return { image: undefined, reason: messageOf(error) };
}
