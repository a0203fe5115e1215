import { checkOptions, integerIn } from "../core/options.js";
import type { Weights } from "../networks/index.js";
import type { LargerInput } from "./batches.js";
import type { EpochReport } from "./checkpoint.js";

/** How a student is trained. */
export interface DistillationOptions {
  /** Seed of all chance. @default 0 */
  seed?: number;
  /** How often every image is seen. A resumed training may have another number: the learning rate goes on from the share done. @default 24 */
  epochs?: number;
  /** Images in a batch. @default 128 */
  batchSize?: number;
  /** Largest learning rate. @default 0.004 */
  peakRate?: number;
  /** Share of the training in which the learning rate rises. @default 0.2 */
  warmup?: number;
  /** Weight decay. @default 0.05 */
  weightDecay?: number;
  /** Share of the running average of the parameters that a step keeps. @default 0.998 */
  averaging?: number;
  /** Largest move of an image in pixels. @default 4 */
  shift?: number;
  /** Share of the images that are turned left to right, in [0, 1). @default 0.5 */
  mirrorShare?: number;
  /** Shares of batches of larger input. @default 6 % of 48 pixels, 6 % of 64 pixels */
  largerInputs?: readonly LargerInput[];
  /** Further epochs, in which the batch normalisation keeps the statistics that the exported network will have. @default 2 */
  settlingEpochs?: number;
  /** Largest learning rate of these. @default 0.0005 */
  settlingRate?: number;
  /** Shares of batches of larger input in these. @default 15 % of 48 pixels, 15 % of 64 pixels, 10 % of 96 pixels */
  settlingInputs?: readonly LargerInput[];
  /** Part of the settled network in the exported one, in [0, 1]; the rest is the network before it settled. @default 0.5 */
  settlingShare?: number;
  /** Images over which the statistics of the batch normalisation are taken, at larger inputs fewer of as many pixels. @default 4096 */
  statisticsImages?: number;
  /** Sides of larger inputs, in pixels, for which the result carries statistics of its own. @default none */
  statisticsSizes?: readonly number[];
  /** Weights of the network to go on from. @default drawn from the seed */
  start?: Weights;
  /** File that keeps the state; an existing one is gone on from. @default none */
  checkpoint?: string;
  /** Seconds after which the state is kept within an epoch, too; after an epoch it is kept unless that was done just before, and always when interrupted. @default 60 */
  checkpointSeconds?: number;
  /** Receives the reports of the epochs that an earlier run finished, where there is a checkpoint. */
  onResume?: (curve: readonly EpochReport[]) => void;
  /** Measures the weights after an epoch; what it gives is kept in the curve. @default nothing */
  measure?: (weights: Weights, epoch: number) => Promise<Record<string, number>>;
  /** Receives each epoch's report with the weights as they would be exported. */
  onEpoch?: (report: EpochReport, weights: () => Weights) => void | Promise<void>;
  /** Stops the training after the batch that is computed; the state is kept in the checkpoint. */
  signal?: AbortSignal;
}

const defaults = {
  seed: 0,
  epochs: 24,
  batchSize: 128,
  peakRate: 0.004,
  warmup: 0.2,
  weightDecay: 0.05,
  averaging: 0.998,
  shift: 4,
  mirrorShare: 0.5,
  largerInputs: [
    { size: 48, share: 0.06, batchSize: 64 },
    { size: 64, share: 0.06, batchSize: 32 },
  ] as readonly LargerInput[],
  settlingEpochs: 2,
  settlingRate: 0.0005,
  settlingInputs: [
    { size: 48, share: 0.15, batchSize: 56 },
    { size: 64, share: 0.15, batchSize: 32 },
    { size: 96, share: 0.1, batchSize: 14 },
  ] as readonly LargerInput[],
  settlingShare: 0.5,
  statisticsImages: 4096,
  statisticsSizes: [] as readonly number[],
};

/** The options of a training that decide its result, all filled in. */
export type DistillationSettings = typeof defaults;

/**
 * @param options - the options of `distill`
 * @returns those that decide the result, with the defaults filled in
 * @throws TypeError when an option is unknown, RangeError when a value is impossible
 */
export function distillationSettings(options: DistillationOptions): DistillationSettings {
  const others = [
    "start",
    "checkpoint",
    "checkpointSeconds",
    "onResume",
    "measure",
    "onEpoch",
    "signal",
  ] as const;
  checkOptions("distill", options, [...Object.keys(defaults), ...others]);
  const settings = { ...defaults };
  for (const key of Object.keys(defaults) as (keyof DistillationSettings)[]) {
    if (options[key] !== undefined) Object.assign(settings, { [key]: options[key] });
  }
  integerIn("epochs", settings.epochs, 1, 100_000);
  integerIn("batchSize", settings.batchSize, 2, 65_536);
  integerIn("statisticsImages", settings.statisticsImages, 1, Number.MAX_SAFE_INTEGER);
  for (const size of settings.statisticsSizes) integerIn("statisticsSizes", size, 1, 4096);
  if (settings.statisticsSizes.length > 0 && settings.settlingEpochs > 0) {
    throw new RangeError(
      `statistics of several input sizes need settlingEpochs 0, since settling mixes the sizes; got ${settings.settlingEpochs}`,
    );
  }
  integerIn("shift", settings.shift, 0, 1024);
  integerIn("settlingEpochs", settings.settlingEpochs, 0, 100_000);
  if (settings.settlingShare !== 1) requireShare("settlingShare", settings.settlingShare);
  for (const name of ["warmup", "averaging", "mirrorShare"] as const) requireShare(name, settings[name]);
  for (const name of ["largerInputs", "settlingInputs"] as const) {
    const shares = settings[name].reduce((sum, { share }) => sum + share, 0);
    requireShare(`the sum of the shares of ${name}`, shares);
  }
  for (const name of ["peakRate", "settlingRate"] as const) {
    if (!(settings[name] > 0)) throw new RangeError(`${name} must be above 0; got ${settings[name]}`);
  }
  return settings;
}

function requireShare(what: string, value: number): void {
  if (!(value >= 0 && value < 1))
    throw new RangeError(`${what} must be at least 0 and below 1; got ${value}`);
}
