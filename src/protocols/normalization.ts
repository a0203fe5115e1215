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

/** What a whitening is fitted to where a fold's training images are not all those of the normal class. */
const foldImages: Readonly<Record<string, string>> = {
  multimodal: "the training images of all classes but the left-out one",
  groups: "the training images of the classes that a draw's normal groups are made of",
  "few-images": "the training images of each subset",
  contamination:
    "the training images of each rate, their anomalies among them, and anew by those that cleaning leaves",
};

/**
 * Says of features that are not made by the published method what they are, for a record.
 *
 * @param label - what is said of, at the start of the sentence
 * @param made - `normalization`, the `layer` or layers, the `experiment`, by whose training images is whitened, and how `patches` were
 * compared, where they were
 * @returns one sentence for each step beyond the published method
 */
export function beyondPublished(
  label: string,
  made: {
    readonly normalization?: Normalization;
    readonly layer?: string;
    readonly experiment?: string;
    readonly patches?: {
      readonly k: number;
      readonly patches?: number;
      readonly select?: string;
      readonly neighborhood?: number;
      readonly top?: number;
    };
  },
): string[] {
  const fold = foldImages[made.experiment ?? ""] ?? "the normal class's training images";
  const steps = {
    raw: [],
    L2: ["features scaled to unit length"],
    whitened: [`whitened by ${fold}, with the shrinkage of Ledoit and Wolf`],
  }[made.normalization ?? "raw"];
  if (made.patches) {
    const { k, patches = 10_000, select = "random", neighborhood = 3, top = 1 } = made.patches;
    const score = top === 1 ? "its most anomalous place" : `the mean of its ${top} most anomalous places`;
    const nearest = k === 1 ? "nearest" : `${k} nearest`;
    return [
      `${label} is beyond the published method: an image's score is that of ${score}, a place's its distance to the ${nearest} of at most ${patches} patches (${select}) of the normal class's training images; places of ${made.layer}, averaged over ${neighborhood} x ${neighborhood}`,
    ];
  }
  const layers = made.layer?.includes("+")
    ? ["the layers' averages one after the other, each scaled to unit length"]
    : [];
  return [...layers, ...steps].map((step) => `${label} is beyond the published method: ${step}`);
}

/**
 * Features of a fold's training images and of the test images, ready to be compared.
 *
 * @param train - features of the training images of the fold and of no others
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
