import { checkOptions } from "../core/options.js";
import { type IntervalOptions, intervalAround, placements, type RocAucInterval } from "./delong.js";
import type { AnomalyLabels } from "./labelled-scores.js";
import { normalHalfWidth } from "./normal-distribution.js";

/** The difference of two means of the same test images. */
export interface RocAucDifference {
  /** First mean less second mean. */
  readonly difference: number;
  /** Lower end of its interval, at least -1. */
  readonly low: number;
  /** Upper end of its interval, at most 1. */
  readonly high: number;
  /** Standard error. */
  readonly standardError: number;
  /** Probability that the interval covers the true difference. */
  readonly level: number;
}

/**
 * The mean of several ROCAUCs of the same test images, for example over the choices of the normal class, with an interval
 * that takes into account that the areas share their images.
 *
 * Each image's share in the mean is added up over the areas; their variance inside each stratum gives the standard error.
 * With one area whose strata are its normal images and its anomalies this is DeLong's interval.
 *
 * @see DeLong, DeLong and Clarke-Pearson 1988 for one area; Efron 1981 (infinitesimal jackknife)
 */
export class MeanRocAuc {
  readonly #strata: ArrayLike<number>;
  readonly #influence: Float64Array;
  #sum = 0;
  #count = 0;

  /** @param strata - for each test image the part of the test set it stands for, usually its class; sizes are taken as given */
  constructor(strata: ArrayLike<number>) {
    this.#strata = strata;
    this.#influence = new Float64Array(strata.length);
  }

  /**
   * Adds one area.
   *
   * @param scores - one score a test image, larger = more anomalous
   * @param isAnomaly - ground truth for this area
   * @returns the area as a fraction
   * @throws RangeError when lengths differ, a score is NaN, or there are fewer than two images of a kind
   */
  add(scores: ArrayLike<number>, isAnomaly: AnomalyLabels): number {
    const influence = this.#influence;
    if (scores.length !== influence.length) {
      throw new RangeError(
        `every area needs the scores of the same ${influence.length} images; got ${scores.length}`,
      );
    }
    const { anomalous, normal, area } = placements(scores, isAnomaly);
    let [a, b] = [0, 0];
    for (let i = 0; i < influence.length; i++) {
      influence[i] +=
        Number(isAnomaly[i]) === 1
          ? (anomalous[a++] - area) / anomalous.length
          : (normal[b++] - area) / normal.length;
    }
    this.#sum += area;
    this.#count++;
    return area;
  }

  /** Mean of the areas added so far. */
  get mean(): number {
    return this.#sum / this.#count;
  }

  /** Standard error of the mean from the choice of test images. */
  get standardError(): number {
    return this.#standardErrorOf(this.#influence.map((total) => total / this.#count));
  }

  /**
   * Compares with the mean of the areas of other scores of the same test images, which takes into account that the same images
   * are hard for both.
   *
   * @param other - of the same images, with the same strata
   * @param options - `level` of the interval, default 0.95
   * @returns this mean less the other, its interval and standard error
   * @throws RangeError when the images differ in number, or no area was added
   */
  less(other: MeanRocAuc, options: IntervalOptions = {}): RocAucDifference {
    checkOptions("less", options, ["level"]);
    const { level = 0.95 } = options;
    if (other.#influence.length !== this.#influence.length) {
      throw new RangeError(
        `both means must be of the same test images; got ${this.#influence.length} and ${other.#influence.length}`,
      );
    }
    if (this.#count === 0 || other.#count === 0) {
      throw new RangeError("a mean needs at least one area; add one first");
    }
    const standardError = this.#standardErrorOf(
      this.#influence.map((total, i) => total / this.#count - other.#influence[i] / other.#count),
    );
    const reach = normalHalfWidth(level) * standardError;
    const difference = this.mean - other.mean;
    const [low, high] = [Math.max(-1, difference - reach), Math.min(1, difference + reach)];
    return { difference, low, high, standardError, level };
  }

  #standardErrorOf(influence: Float64Array): number {
    const sums = new Map<number, { n: number; sum: number; squares: number }>();
    influence.forEach((value, i) => {
      const stratum = sums.get(this.#strata[i]) ?? { n: 0, sum: 0, squares: 0 };
      stratum.n++;
      stratum.sum += value;
      stratum.squares += value * value;
      sums.set(this.#strata[i], stratum);
    });
    let variance = 0;
    for (const { n, sum, squares } of sums.values()) {
      variance += n === 1 ? squares : (n * Math.max(0, squares - (sum * sum) / n)) / (n - 1);
    }
    return Math.sqrt(variance);
  }

  /**
   * @param options - `level` of the interval, default 0.95; `extraVariance`: variance of the mean from other sources, for
   * example the choice of training images, default 0
   * @returns mean, interval and standard error
   * @throws RangeError when the level is not between 0 and 1, or no area was added
   */
  interval(options: IntervalOptions & { readonly extraVariance?: number } = {}): RocAucInterval {
    checkOptions("interval", options, ["level", "extraVariance"]);
    const { level = 0.95, extraVariance = 0 } = options;
    if (this.#count === 0) throw new RangeError("a mean needs at least one area; add one first");
    const standardError = Math.sqrt(this.standardError ** 2 + extraVariance);
    return intervalAround(this.mean, standardError, level);
  }
}
