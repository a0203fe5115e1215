import type { Features } from "../extractors/features.js";
import type { ClassFigures } from "./class-figures.js";
import { type ContaminationCurveOptions, contamination } from "./contamination.js";
import type { CurveResult } from "./curves.js";
import { type FewImagesOptions, fewImages } from "./few-images.js";
import { type GroupsOptions, groups } from "./groups/groups.js";
import { type KMeansCentersOptions, kMeansCenters } from "./kmeans-centers.js";
import { multimodal } from "./multimodal.js";
import { type NeighborsCurveOptions, neighborsCurve } from "./neighbors-curve.js";
import type { PatchesOptions } from "./patches/patches.js";
import type { ExperimentName } from "./run-content.js";
import { type ClassFigureOptions, unimodal } from "./unimodal.js";

/** Options that experiments have beside those of all, together. */
export type ExperimentOptions = Pick<ClassFigureOptions, "normalClasses" | "replicates"> &
  Pick<GroupsOptions, "rule" | "poolings" | "share" | "count"> &
  Pick<FewImagesOptions, "sizes" | "repeats" | "subsets"> &
  Pick<ContaminationCurveOptions, "rates" | "cleaned"> &
  Pick<KMeansCentersOptions, "centers"> &
  Pick<NeighborsCurveOptions, "ks"> &
  Omit<PatchesOptions, "normalClasses" | "replicates">;

/** Figures of an experiment, of one of two kinds. */
export interface ExperimentFigures {
  /** One figure a class. */
  readonly rocAuc?: ClassFigures;
  /** Curves. */
  readonly varied?: CurveResult;
}

/** An experiment as the command runs it. */
export interface Experiment {
  /** Options that it has beside k, distance, normalize, seed and signal. */
  readonly options: readonly (keyof ExperimentOptions)[];
  /** Computes the figures from features. */
  run(train: Features, test: Features, options: object): Promise<ExperimentFigures>;
}

/** Options that the experiment with patches, which needs maps and not one set of features, has. */
export const patchesOptionNames: readonly (keyof ExperimentOptions)[] = [
  "normalClasses",
  "replicates",
  "patches",
  "select",
  "neighborhood",
  "top",
  "onPlaces",
];

/** The experiments that compute their figures from one set of features. */
export const experiments: Readonly<Record<Exclude<ExperimentName, "ablation" | "patches">, Experiment>> = {
  unimodal: {
    options: ["normalClasses", "replicates"],
    run: async (train, test, options) => ({ rocAuc: await unimodal(train, test, options) }),
  },
  multimodal: {
    options: ["normalClasses", "replicates"],
    run: async (train, test, options) => ({ rocAuc: await multimodal(train, test, options) }),
  },
  groups: {
    options: ["rule", "sizes", "poolings", "share", "count", "repeats"],
    run: async (train, test, options) => ({ varied: await groups(train, test, options) }),
  },
  "few-images": {
    options: ["normalClasses", "sizes", "repeats", "subsets"],
    run: async (train, test, options) => ({ varied: await fewImages(train, test, options) }),
  },
  contamination: {
    options: ["normalClasses", "rates", "cleaned", "repeats"],
    run: async (train, test, options) => ({ varied: await contamination(train, test, options) }),
  },
  kmeans: {
    options: ["normalClasses", "centers", "repeats"],
    run: async (train, test, options) => ({ varied: await kMeansCenters(train, test, options) }),
  },
  k: {
    options: ["normalClasses", "ks"],
    run: async (train, test, options) => ({ varied: await neighborsCurve(train, test, options) }),
  },
};
