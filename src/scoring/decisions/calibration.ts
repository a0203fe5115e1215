import { Displayable } from "../../core/display.js";
import { checkOptions, oneOf } from "../../core/options.js";
import { betaQuantile } from "./beta-distribution.js";

/** Where the normal scores of a Calibration come from. */
export type CalibrationSource = "held-out" | "leave-one-out";

/** A threshold at a stated false-alarm rate. */
export interface Threshold {
  /** Scores above it are called anomalies. */
  readonly value: number;
  /** Share of normal images that may be called anomalies, as asked for. */
  readonly falseAlarmRate: number;
  /** Lower end of the interval of the true false-alarm rate of this threshold. */
  readonly low: number;
  /** Upper end of the interval of the true false-alarm rate of this threshold. */
  readonly high: number;
  /** Probability that the interval covers the true rate. */
  readonly level: number;
}

const slack = 1e-9;

/**
 * Normal scores by which new scores are judged: conformal p-values, and thresholds at a stated false-alarm rate.
 *
 * The p-value of a score is (1 + number of normal scores at least as large) / (n + 1). For a new normal image it is at most
 * a with probability at most a, for every a and whatever the distribution, provided that the normal scores are of images
 * that were held out: that were drawn like the new ones and did not serve as reference. Leave-one-out scores of the training
 * images hold this nearly: each is compared with one image fewer, which makes them a little larger and the p-values a little
 * cautious.
 *
 * @see Vovk, Gammerman and Shafer 2005; Laxhammar and Falkman 2010 for nearest neighbors
 */
export class Calibration extends Displayable {
  /** Float64Array: the normal scores, ascending. */
  readonly scores: Float64Array;
  /** Where they come from. */
  readonly source: CalibrationSource;

  /**
   * @param normalScores - scores of normal images, at least one, larger = more anomalous
   * @param options - `source`: "held-out" (default) or "leave-one-out"
   * @throws RangeError when there is no score or one is NaN
   */
  constructor(normalScores: ArrayLike<number>, options: { readonly source?: CalibrationSource } = {}) {
    super();
    checkOptions("Calibration", options, ["source"]);
    this.source = oneOf("source", options.source ?? "held-out", ["held-out", "leave-one-out"]);
    this.scores = Float64Array.from(normalScores).sort();
    if (this.scores.length === 0) throw new RangeError("a calibration needs normal scores; got none");
    if (Number.isNaN(this.scores[this.scores.length - 1])) {
      throw new RangeError("a calibration needs normal scores that are numbers; got NaN");
    }
  }

  /** Number of normal scores. */
  get n(): number {
    return this.scores.length;
  }

  /**
   * Conformal p-values: small where a score is larger than nearly all normal ones. The smallest possible is 1 / (n + 1).
   *
   * @param scores - one score an image, larger = more anomalous
   * @returns Float64Array: one p-value an image
   * @throws RangeError when a score is NaN
   */
  pValues(scores: ArrayLike<number>): Float64Array {
    return Float64Array.from(scores, (score, i) => {
      if (Number.isNaN(score)) throw new RangeError(`scores must be numbers; score ${i} is NaN`);
      return (1 + this.n - this.#below(score)) / (this.n + 1);
    });
  }

  /**
   * The threshold above which a score's p-value is at most the false-alarm rate.
   *
   * A normal image is called an anomaly with probability at most the rate, averaged over calibrations; the interval says what
   * the rate of this one may be, for scores without ties.
   *
   * @param falseAlarmRate - share of normal images that may be called anomalies, above 0 and below 1
   * @param options - `level` of the interval, default 0.95
   * @returns threshold and interval of its false-alarm rate
   * @throws RangeError when there are too few normal scores for the rate: at least 1 / rate - 1 are needed
   */
  threshold(falseAlarmRate: number, options: { readonly level?: number } = {}): Threshold {
    checkOptions("threshold", options, ["level"]);
    const { level = 0.95 } = options;
    if (!(falseAlarmRate > 0 && falseAlarmRate < 1)) {
      throw new RangeError(
        `a false-alarm rate must be above 0 and below 1, for example 0.05; got ${falseAlarmRate}`,
      );
    }
    if (!(level > 0 && level < 1)) {
      throw new RangeError(`level must be above 0 and below 1, for example 0.95; got ${level}`);
    }
    const larger = Math.floor(falseAlarmRate * (this.n + 1) + slack);
    if (larger < 1) {
      throw new RangeError(
        `a false-alarm rate of ${falseAlarmRate} needs at least ${Math.ceil(1 / falseAlarmRate - 1 - slack)} normal scores; got ${this.n}: hold out more images or allow more false alarms`,
      );
    }
    const [a, b] = [larger, this.n + 1 - larger];
    return {
      value: this.scores[this.n - larger],
      falseAlarmRate,
      low: betaQuantile((1 - level) / 2, a, b),
      high: betaQuantile((1 + level) / 2, a, b),
      level,
    };
  }

  override toString(): string {
    const smallest = (1 / (this.n + 1)).toPrecision(2);
    return `Calibration: ${this.n} ${this.source} normal scores, smallest p-value ${smallest}`;
  }

  /** Number of normal scores below a score. */
  #below(score: number): number {
    let [low, high] = [0, this.n];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.scores[middle] < score) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
