import { checkOptions, integerIn, oneOf } from "../core/options.js";
import { ProgressMeter } from "../core/progress.js";
import type { Random } from "../core/random.js";
import type { IntervalOptions } from "./delong.js";
import { type FalsePositiveRateOptions, requireTruePositiveRate } from "./false-positive-rate.js";
import type { AnomalyLabels } from "./labelled-scores.js";
import { drawResample, RankedScores, type RankMeasures, rankMeasures } from "./resampling.js";

/** Options of the bootstrap. */
export interface BootstrapOptions extends IntervalOptions, FalsePositiveRateOptions {
  /** Number of resamples, at least 100, default 2000. */
  readonly replicates?: number;
  /** Aborts between resamples. */
  readonly signal?: AbortSignal;
}

/** A measure with its uncertainty from the choice of test images. */
export interface MeasureInterval {
  /** The measure of the images as they are, as a fraction. */
  readonly value: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
  /** Standard deviation over the resamples. */
  readonly standardError: number;
  /** Probability that the interval covers the true value. */
  readonly level: number;
}

/** ROCAUC, average precision and false positive rate with intervals. */
export type BootstrapIntervals = Readonly<Record<keyof RankMeasures, MeasureInterval>>;

/** Two scores of the same images, compared by one measure. */
export interface BootstrapComparison {
  /** The first scores. */
  readonly first: MeasureInterval;
  /** The second scores. */
  readonly second: MeasureInterval;
  /** First less second. */
  readonly difference: MeasureInterval;
  /** Two-sided: probability of a difference at least as large, either way, if there were none; at least 2 / (replicates + 1). */
  readonly pValue: number;
}

/**
 * Intervals of ROCAUC, average precision and false positive rate by the stratified percentile bootstrap: normal images and
 * anomalies are each drawn anew with replacement, as many as there are.
 *
 * Agrees with `rocAucInterval` where both apply, and serves the measures that have no formula. Takes n x replicates steps.
 *
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - 1 or true where the image is an anomaly, 0 or false where it is normal
 * @param random - source of chance; the same seed gives the same intervals
 * @param options - level, replicates, true positive rate of the false positive rate
 * @returns the measures with intervals
 * @throws RangeError when lengths differ, a score is NaN, a kind is missing, or an option is out of range
 * @throws Aborted when interrupted
 * @see Efron and Tibshirani 1993, chapter 13; strata as in Robin et al. 2011 (pROC)
 */
export async function bootstrapIntervals(
  scores: ArrayLike<number>,
  isAnomaly: AnomalyLabels,
  random: Random,
  options: BootstrapOptions = {},
): Promise<BootstrapIntervals> {
  checkOptions("bootstrapIntervals", options, ["level", "replicates", "truePositiveRate", "signal"]);
  const settings = checked(options);
  const ranked = new RankedScores(scores, isAnomaly, settings.truePositiveRate);
  const whole = ranked.measure(ranked.everyImage());
  const drawn = await resample([ranked], random, settings);
  const interval = (name: keyof RankMeasures) =>
    intervalOf(
      whole[name],
      drawn.map(([measures]) => measures[name]),
      settings.level,
    );
  return {
    rocAuc: interval("rocAuc"),
    averagePrecision: interval("averagePrecision"),
    falsePositiveRate: interval("falsePositiveRate"),
  };
}

/**
 * Compares two scores of the same images by the paired bootstrap: every resample takes the same images for both, so that
 * what makes an image hard for both does not blur the difference.
 *
 * @param first - one score an image, larger = more anomalous
 * @param second - other scores of the same images
 * @param isAnomaly - 1 or true where the image is an anomaly, 0 or false where it is normal
 * @param random - source of chance
 * @param options - `measure`: what to compare, default "rocAuc"; level, replicates, true positive rate
 * @returns both measures, their difference with its interval, and the p-value
 * @throws RangeError as `bootstrapIntervals`
 * @throws Aborted when interrupted
 */
export async function bootstrapComparison(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  isAnomaly: AnomalyLabels,
  random: Random,
  options: BootstrapOptions & { readonly measure?: keyof RankMeasures } = {},
): Promise<BootstrapComparison> {
  const { measure = "rocAuc", ...rest } = options;
  checkOptions("bootstrapComparison", rest, ["level", "replicates", "truePositiveRate", "signal"]);
  oneOf("measure", measure, rankMeasures);
  const settings = checked(rest);
  const ranked = [first, second].map(
    (scores) => new RankedScores(scores, isAnomaly, settings.truePositiveRate),
  );
  const [a, b] = ranked.map((one) => one.measure(one.everyImage())[measure]);
  const drawn = await resample(ranked, random, settings);
  const [x, y] = [0, 1].map((i) => drawn.map((measures) => measures[i][measure]));
  const differences = x.map((value, i) => value - y[i]);
  const atMost = differences.filter((value) => value <= 0).length;
  const atLeast = differences.filter((value) => value >= 0).length;
  return {
    first: intervalOf(a, x, settings.level),
    second: intervalOf(b, y, settings.level),
    difference: intervalOf(a - b, differences, settings.level),
    pValue: Math.min(1, (2 * (1 + Math.min(atMost, atLeast))) / (1 + differences.length)),
  };
}

interface Settings {
  readonly level: number;
  readonly replicates: number;
  readonly truePositiveRate: number;
  readonly signal?: AbortSignal;
}

function checked(options: BootstrapOptions): Settings {
  const { level = 0.95, replicates = 2000, truePositiveRate = 0.95, signal } = options;
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`level must be above 0 and below 1, for example 0.95; got ${level}`);
  }
  integerIn("replicates", replicates, 100, 10_000_000);
  return { level, replicates, truePositiveRate: requireTruePositiveRate(truePositiveRate), signal };
}

async function resample(
  ranked: readonly RankedScores[],
  random: Random,
  { replicates, signal }: Settings,
): Promise<RankMeasures[][]> {
  const taken = ranked[0].everyImage();
  const drawn: RankMeasures[][] = [];
  const meter = new ProgressMeter("bootstrapping", replicates, "resamples", signal);
  try {
    for (let r = 0; r < replicates; r++) {
      drawResample(taken, random);
      drawn.push(ranked.map((one) => one.measure(taken)));
      await meter.add(1);
    }
  } finally {
    meter.close();
  }
  return drawn;
}

function intervalOf(value: number, drawn: readonly number[], level: number): MeasureInterval {
  const sorted = Float64Array.from(drawn).sort();
  const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
  const squares = sorted.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const low = quantile(sorted, (1 - level) / 2);
  const high = quantile(sorted, (1 + level) / 2);
  return { value, low, high, standardError: Math.sqrt(squares / (sorted.length - 1)), level };
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
