import { MeanRocAuc, rocAuc, spreadOf } from "../metrics/index.js";
import type { Interval } from "./class-figures.js";

/** One point of a curve: a mean ROCAUC over classes and seeds. */
export interface CurvePoint {
  /** What was varied. */
  readonly x: number | string;
  /** Mean ROCAUC over classes and repetitions, as a fraction. */
  readonly value: number;
  /** 95 % interval of the mean for another choice of test images and of everything that was drawn. */
  readonly interval: Interval;
  /** Standard deviation over the classes, of their means over the repetitions; absent with one class. */
  readonly overClasses?: number;
  /** Standard deviation over the repetitions, of their means over the classes; absent with one repetition. */
  readonly overSeeds?: number;
  /** Mean over the repetitions for each class, in the order of the curve's `classes`. */
  readonly perClass: readonly number[];
}

/** Points that belong together. */
export interface Curve {
  /** What the curve stands for ("without cleaning"). */
  readonly name: string;
  /** The points, in order of what was varied. */
  readonly points: readonly CurvePoint[];
}

/** Outcome of an experiment that varies something. */
export interface CurveResult {
  /** What was varied, for the axis. */
  readonly xLabel: string;
  /** Names of the classes, or of other tasks, that `perClass` stands for. */
  readonly classes: readonly string[];
  /** Number of repetitions. */
  readonly repeats: number;
  /** The curves. */
  readonly curves: readonly Curve[];
  /** What the words mean and how chance was used, a sentence each. */
  readonly definitions: readonly string[];
}

/** Collects what belongs to one point of a curve: the scores of every repetition and class. */
export class PointCollector {
  readonly #means = new Map<number, MeanRocAuc>();
  readonly #values: number[][] = [];

  /**
   * Adds one area. Areas of the same `source` share their test images; others are independent of them.
   *
   * @param seed - number of the repetition, from 0
   * @param scores - one score a test image or group
   * @param isAnomaly - ground truth
   * @param strata - part of the test set that each image stands for
   * @param source - which test images these are, default 0
   */
  add(
    seed: number,
    scores: ArrayLike<number>,
    isAnomaly: Uint8Array,
    strata: ArrayLike<number>,
    source = 0,
  ): void {
    const mean = this.#means.get(source) ?? new MeanRocAuc(strata);
    this.#means.set(source, mean);
    mean.add(scores, isAnomaly);
    this.#values[seed] ??= [];
    this.#values[seed].push(rocAuc(scores, isAnomaly));
  }

  /**
   * @param x - what was varied
   * @returns the point
   */
  point(x: number | string): CurvePoint {
    const { mean, overClasses, overSeeds } = spreadOf(this.#values);
    const repeats = this.#values.length;
    const means = [...this.#means.values()];
    const ofImages = means.reduce((sum, one) => sum + one.standardError ** 2, 0) / means.length ** 2;
    const ofSeeds = (overSeeds ?? 0) ** 2 / repeats;
    const reach = 1.959963984540054 * Math.sqrt(ofImages + ofSeeds);
    return {
      x,
      value: mean,
      interval: [Math.max(0, mean - reach), Math.min(1, mean + reach)],
      ...(overClasses === undefined ? {} : { overClasses }),
      ...(overSeeds === undefined ? {} : { overSeeds }),
      perClass: this.#values[0].map(
        (_, c) => this.#values.reduce((sum, values) => sum + values[c], 0) / repeats,
      ),
    };
  }
}

/**
 * Requires a list of numbers for an axis.
 *
 * @param what - name of the list, for the message
 * @param values - the numbers as received
 * @param isValid - whether a number is in range
 * @param range - the range, for the message
 * @returns the numbers, ascending, each once
 * @throws RangeError when the list is empty or a number is out of range
 */
export function axisValues(
  what: string,
  values: readonly number[],
  isValid: (value: number) => boolean,
  range: string,
): number[] {
  const wrong = values.find((value) => !isValid(value));
  if (values.length === 0 || wrong !== undefined) {
    throw new RangeError(`${what} must be ${range}; got ${wrong ?? "none"}`);
  }
  return [...new Set(values)].sort((a, b) => a - b);
}
