import { checkOptions, oneOf } from "../core/options.js";
import type { DeviceName, EngineName } from "../engines/index.js";
import type { BadImage } from "../extractors/index.js";
import { type AblationOptions, ablationOptionNames } from "./ablation.js";
import { type ExperimentOptions, experiments, patchesOptionNames } from "./experiments.js";
import { type Normalization, normalizationOf } from "./normalization.js";
import { type ExperimentName, experimentNames } from "./run-content.js";

/** What `runExperiment` runs on and with; an experiment refuses options that only others have. */
export interface RunOptions extends ExperimentOptions, AblationOptions {
  /** Name of a data set, or a folder of images. */
  dataset: string;
  /** Name of an extractor. */
  extractor: string;
  /** Number of neighbors, default 2; nearest patches in the experiment patches, default 1. */
  k?: number;
  /** Distance that is averaged over the neighbors, default "squared". */
  distance?: "squared" | "euclidean";
  /** What is done to features first: false or "raw" (default), true or "L2", or "whitened", by the training images of each fold. */
  normalize?: boolean | Normalization;
  /** Seed of all chance, default 0. */
  seed?: number;
  /** Only the first so many training images of each class, in file order. */
  limitTrain?: number;
  /** Only the first so many test images of each class, in file order. */
  limitTest?: number;
  /** Side of the network's input in pixels, default the network's own. */
  inputSize?: number;
  /**
   * Layer whose pooled output is the feature, default the network's own; several as "layer2+layer3". In the experiment patches the
   * layer whose places are compared, default one of the middle.
   */
  layer?: string;
  /** File of the network's weights, default the one that is found by its name. */
  weights?: string;
  /** Compute engine, default the best that is installed. */
  engine?: EngineName;
  /** What the network runs on, default cpu. */
  device?: DeviceName;
  /** Threads of the engine, default one for each core. */
  threads?: number;
  /** Images in a batch; by default the first batches find out what is fastest. */
  batchSize?: number;
  /**
   * Where extracted features are kept and found again: a folder, true for `features` in DN2_CACHE (else ~/.cache/dn2), false for
   * nowhere. Default true.
   */
  cache?: boolean | string;
  /** Called for each image that cannot be read; by default its name and the reason are printed. */
  onBadImage?: (bad: BadImage) => void;
  /** Aborts between batches. */
  signal?: AbortSignal;
}

const commonNames = [
  "dataset extractor distance normalize seed limitTrain limitTest inputSize layer weights engine device threads batchSize cache onBadImage signal",
].flatMap((names) => names.split(" "));

/**
 * Checks the options of an experiment.
 *
 * @param experiment - its name as received
 * @param options - its options as received
 * @returns names of the options that only some experiments have and this one has
 * @throws RangeError for an unknown experiment
 * @throws TypeError for an option that this experiment does not have
 * @throws RangeError for an unknown normalization
 */
export function checkRunOptions(experiment: string, options: RunOptions): readonly string[] {
  const name = oneOf<ExperimentName>("experiment", experiment, experimentNames);
  const own = ownOptions(name);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const common = name === "patches" ? commonNames.filter((one) => one !== "normalize") : commonNames;
  checkOptions(`runExperiment ${name}`, given, [...common, ...own, ...(name === "k" ? [] : ["k"])]);
  normalizationOf(options.normalize);
  return own;
}

function ownOptions(name: ExperimentName): readonly string[] {
  if (name === "ablation") return ablationOptionNames;
  return name === "patches" ? patchesOptionNames : experiments[name].options;
}
