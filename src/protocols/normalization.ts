import { oneOf } from "../core/options.js";
import { type Features, Whitening } from "../extractors/index.js";

/** What is done to features before they are compared: nothing, scaling to unit length, or whitening by the normal images. */
export const normalizations = ["raw", "L2", "whitened"] as const;

/** What is done to features before they are compared; only "raw" is the published method. */
export type Normalization = (typeof normalizations)[number];

/**
 * @param normalize - as an experiment takes it: false for "raw", true for "L2", or a name
 * @returns the name
 * @throws RangeError listing the valid names
 */
export function normalizationOf(normalize: boolean | string = false): Normalization {
  if (typeof normalize === "boolean") return normalize ? "L2" : "raw";
  return oneOf("normalization of features", normalize, normalizations);
}

/**
 * Features of the normal training images and of the test images, ready to be compared.
 *
 * @param train - features of the training images of the normal class
 * @param test - features of the test images
 * @param normalization - "whitened" fits a whitening to `train`; the others have been done before or are nothing
 * @param signal - aborts
 * @returns both, whitened where asked for
 * @throws RangeError when there are fewer than two different training images to whiten by
 * @throws Aborted when interrupted
 */
export async function whitenedBy(
  train: Features,
  test: Features,
  normalization: Normalization,
  signal?: AbortSignal,
): Promise<{ train: Features; test: Features }> {
  if (normalization !== "whitened") return { train, test };
  const whitening = await Whitening.fit(train, { signal });
  return { train: await whitening.apply(train), test: await whitening.apply(test) };
}
