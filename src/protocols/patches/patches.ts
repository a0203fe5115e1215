import { DataError } from "../../core/errors.js";
import { integerIn, oneOf } from "../../core/options.js";
import { Random } from "../../core/random.js";
import type { Features } from "../../extractors/features.js";
import type { Extractor } from "../../extractors/index.js";
import { PatchBank, type PatchScores } from "../../scoring/patches/index.js";
import { type ClassFigures, ClassFiguresCollector } from "../class-figures.js";
import { type ProtocolInputs, type ProtocolOptions, protocolInputs } from "../inputs.js";
import type { ClassFigureOptions } from "../unimodal.js";

/** What the experiment with patches found for one choice of the normal class. */
export interface FoundPlaces {
  /** The normal class. */
  readonly normalClass: string;
  /** Scores of the places of all test images. */
  readonly scores: PatchScores;
  /** Scores of the test images. */
  readonly values: Float64Array;
  /** For each test image 1 where it is of another class. */
  readonly isAnomaly: Uint8Array;
}

/** Options of the experiment with patches. */
export interface PatchesOptions extends Pick<ClassFigureOptions, "normalClasses" | "replicates"> {
  /** Patches of the training images to keep at most for each class, default 10,000. */
  readonly patches?: number;
  /** Which ones, where there are more: "random" (default) or "coreset". */
  readonly select?: "random" | "coreset";
  /** Side in places of the square over which each place's features are averaged, odd, default 3. */
  readonly neighborhood?: number;
  /** Most anomalous places whose mean is an image's score, default 1. */
  readonly top?: number;
  /** Receives the scores of places of each choice of the normal class, for heatmaps. */
  readonly onPlaces?: (found: FoundPlaces) => Promise<void>;
}

/** Options of the experiment with patches, all of them. */
export interface AllPatchesOptions
  extends PatchesOptions,
    Pick<ProtocolOptions, "k" | "distance" | "seed" | "signal"> {
  /** Images in a batch. */
  readonly batchSize?: number;
}

/** Checked options. */
export interface PatchesPlan {
  /** Classes, seed and abort signal. */
  readonly inputs: ProtocolInputs;
  /** Nearest patches behind the score of a place. */
  readonly k: number;
  /** Patches to keep at most. */
  readonly patches: number;
  /** How they are chosen. */
  readonly select: "random" | "coreset";
  /** Side of the square that is averaged. */
  readonly neighborhood: number;
  /** Places that make an image's score. */
  readonly top: number;
  /** Resamples of the bootstrap. */
  readonly replicates: number;
}

/**
 * Checks the options of the experiment with patches, before anything that takes long.
 *
 * @param train - features of the training images, whatever they are, with their images
 * @param test - features of the test images, with their images
 * @param options - options as received
 * @returns checked options
 * @throws RangeError when one is out of range, or a class is unknown or has no training image
 */
export function patchesPlan(train: Features, test: Features, options: AllPatchesOptions): PatchesPlan {
  const { normalClasses, distance, seed, signal } = options;
  const inputs = protocolInputs("patches", train, test, { k: 1, normalClasses, distance, seed, signal });
  const patches = integerIn("patches", options.patches ?? 10_000, 1, 100_000_000);
  const neighborhood = integerIn("neighborhood", options.neighborhood ?? 3, 1, 31, "odd");
  if (neighborhood % 2 === 0) throw new RangeError(`neighborhood must be odd; got ${neighborhood}`);
  return {
    inputs,
    k: integerIn("k", options.k ?? 1, 1, patches, "patches kept of a class"),
    patches,
    select: oneOf("way to select patches", options.select ?? "random", ["random", "coreset"]),
    neighborhood,
    top: integerIn("top, the number of places that are averaged,", options.top ?? 1, 1, 1_000_000),
    replicates: integerIn("replicates", options.replicates ?? 500, 100, 1_000_000),
  };
}

/**
 * The unimodal experiment by patches: each class in turn is the normal one; every place of a test image is compared with the places
 * of its training images, and the most anomalous places make the image's score. Beyond the published method.
 *
 * The maps of the test images are computed once for each class, and no map is kept.
 *
 * @param extractor - gives the maps
 * @param train - features of the training images by any layer, with their images
 * @param test - features of the test images, with their images
 * @param options - classes, patches, places, k, distance, seed, batch size, abort signal
 * @returns ROCAUC, average precision and false positive rate for each class with intervals, and the mean ROCAUC
 * @throws RangeError when an option is out of range, or the patches would take more than 1 GiB
 * @throws DataError when an image cannot be read any more
 * @throws Aborted when interrupted
 * @see Cohen and Hoshen 2020, "Sub-image anomaly detection with deep pyramid correspondences"; Roth and others 2022, PatchCore
 */
export async function patchesByClass(
  extractor: Extractor,
  train: Features,
  test: Features,
  options: AllPatchesOptions = {},
): Promise<ClassFigures> {
  const plan = patchesPlan(train, test, options);
  const { k, patches, select, neighborhood, top } = plan;
  const { classes, trainImages, testImages, seed, signal, scoring } = plan.inputs;
  const onBadImage = ({ id, reason }: { readonly id: string; readonly reason: string }) => {
    throw new DataError(`an image could be read before and cannot be any more: ${reason}`, id);
  };
  const reading = { batchSize: options.batchSize, onBadImage, signal };
  const random = new Random(seed);
  const figures = new ClassFiguresCollector(testImages.labels, random, plan.replicates, signal);
  for (const { name, rows, isAnomaly } of classes) {
    const chosen = { patches, select, neighborhood, random: random.fork(`patches of ${name}`) };
    const bank = await PatchBank.build(extractor, trainImages.subset(rows), { ...chosen, ...reading });
    const { distance } = scoring;
    const scores = await bank.score(testImages, { k, distance, ...reading });
    const { values } = scores.scores({ top });
    await figures.add(name, rows.length, values, isAnomaly);
    await options.onPlaces?.({ normalClass: name, scores, values, isAnomaly });
  }
  return figures.figures();
}
