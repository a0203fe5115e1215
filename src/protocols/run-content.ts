import type { ClassFigures } from "./class-figures.js";
import type { CurveResult } from "./curves.js";

/** Names of the experiments. */
export const experimentNames = [
  "unimodal",
  "multimodal",
  "groups",
  "few-images",
  "contamination",
  "kmeans",
  "k",
  "ablation",
  "patches",
] as const;

/** Name of an experiment. */
export type ExperimentName = (typeof experimentNames)[number];

/** What a leak check found, for a record. */
export interface LeakSummary {
  /** Test images that are identical to a training image. */
  readonly identical: number;
  /** Test images that nearly are. */
  readonly nearlyIdentical: number;
  /** Test images that were checked. */
  readonly checked: number;
  /** The nearest pairs, at most 20. */
  readonly pairs: readonly { readonly test: string; readonly train: string; readonly relative: number }[];
}

/** What a run record says: all that is needed to judge and to repeat a figure. */
export interface RunContent {
  /** Name of the experiment. */
  readonly experiment: ExperimentName;
  /** The images. */
  readonly dataset: {
    readonly name: string;
    /** sha256 of the original files. */
    readonly contentHash: string;
    /** Number of training images read. */
    readonly train: number;
    /** Number of test images read. */
    readonly test: number;
    /** Images that could not be read. */
    readonly unreadable: number;
    /** What a reader of the figure should know about the images. */
    readonly notes: readonly string[];
  };
  /** How features were made. */
  readonly extractor: {
    readonly name: string;
    readonly layer: string;
    readonly dimensions: number;
    /** sha256 of the weights file. */
    readonly weightsHash: string;
    readonly engine: string;
  };
  /** How images became the network's input. */
  readonly preparation: string;
  /** Number of neighbors. */
  readonly k: number;
  /** Distance that is averaged. */
  readonly distance: "squared" | "euclidean";
  /** Whether features were scaled to unit length, or "whitened". */
  readonly normalize: boolean | "whitened";
  /** Seed of all chance. */
  readonly seed?: number;
  /** What `runExperiment` was asked for, so that the run can be repeated. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What was made smaller than the published experiment, a sentence each. */
  readonly reductions: readonly string[];
  /** What words mean and what to mind, a sentence each. */
  readonly definitions?: readonly string[];
  /** Test images that are, or nearly are, training images. */
  readonly leaks?: LeakSummary;
  /** ROCAUC as fractions, of experiments with one figure a class. */
  readonly rocAuc?: ClassFigures;
  /** ROCAUC as fractions, of experiments that vary something. */
  readonly varied?: CurveResult;
  /** Seconds of each stage. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Versions of what computed. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Content of a record with one figure a class. */
export type TableContent = RunContent & { readonly rocAuc: ClassFigures };

/** Content of a record with curves. */
export type CurveContent = RunContent & { readonly varied: CurveResult };

/**
 * @param content - a record's content
 * @returns the network and what was done to its features, for titles
 */
export function featuresOf({ extractor, normalize }: RunContent): string {
  if (normalize === "whitened") return `${extractor.name}, whitened`;
  return `${extractor.name}${normalize ? ", L2-normalised" : ""}`;
}
