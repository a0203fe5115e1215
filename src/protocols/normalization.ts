import { oneOf } from "../core/options.js";
import { type Features, Whitening } from "../extractors/index.js";

/** What is done to features before they are compared; only "raw" is the published method. */
export type Normalization = "raw" | "L2" | "whitened";

/** What is done to features before they are compared: nothing, scaling to unit length, or whitening by the normal images. */
export const normalizations: readonly Normalization[] = ["raw", "L2", "whitened"];

/**
 * @param normalize - as an experiment takes it: false for "raw", true for "L2", or a name
 * @returns the name
 * @throws RangeError listing the valid names
 */
export function normalizationOf(normalize: boolean | string = false): Normalization {
  if (typeof normalize === "boolean") return normalize ? "L2" : "raw";
  return oneOf("normalization of features", normalize, normalizations);
}

/** Experiments that compare with the training images of one class at a time, all of them. */
const canWhiten = ["unimodal", "k", "ablation"];

/**
 * Refuses to whiten where a class has no one set of training images to whiten by.
 *
 * @param experiment - name of the experiment
 * @param normalization - what is done to features
 * @throws RangeError when the experiment cannot take it
 */
export function requireNormalizable(experiment: string, normalization: Normalization): void {
  if (normalization === "whitened" && !canWhiten.includes(experiment)) {
    throw new RangeError(
      `whitened features need one set of normal training images a class, as ${canWhiten.join(", ")} have; the experiment ${experiment} must take raw or L2`,
    );
  }
}

/**
 * Says of features that are not made by the published method what they are, for a record.
 *
 * @param label - what is said of, at the start of the sentence
 * @param made - `normalization`, and the `layer` or layers
 * @returns one sentence for each step beyond the published method
 */
export function beyondPublished(
  label: string,
  made: { readonly normalization?: Normalization; readonly layer?: string },
): string[] {
  const steps = {
    raw: [],
    L2: ["features scaled to unit length"],
    whitened: ["whitened by the normal class's training images, with the shrinkage of Ledoit and Wolf"],
  }[made.normalization ?? "raw"];
  const layers = made.layer?.includes("+")
    ? ["the layers' averages one after the other, each scaled to unit length"]
    : [];
  return [...layers, ...steps].map((step) => `${label} is beyond the published method: ${step}`);
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
