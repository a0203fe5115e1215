import type { Random } from "../core/random.js";
import { reaches } from "./false-positive-rate.js";
import { type AnomalyLabels, sortByKind } from "./labelled-scores.js";

/** The measures that a bootstrap gives, as fractions. */
export interface RankMeasures {
  /** Area under the ROC curve. */
  readonly rocAuc: number;
  /** Average precision. */
  readonly averagePrecision: number;
  /** False positive rate at the true positive rate that was asked for. */
  readonly falsePositiveRate: number;
}

/** Names of the measures. */
export const rankMeasures = ["rocAuc", "averagePrecision", "falsePositiveRate"] as const;

/** Which images a resample took: positions within the images of either kind, with repetitions. */
export interface Resample {
  /** Positions among the normal images in file order. */
  readonly normal: Int32Array;
  /** Positions among the anomalies in file order. */
  readonly anomalous: Int32Array;
}

/**
 * Fills a resample by drawing from each kind, with replacement, as many images as it has.
 *
 * @param resample - overwritten
 * @param random - source of chance
 */
export function drawResample({ normal, anomalous }: Resample, random: Random): void {
  for (let i = 0; i < normal.length; i++) normal[i] = random.integer(normal.length);
  for (let i = 0; i < anomalous.length; i++) anomalous[i] = random.integer(anomalous.length);
}

/** Scores reduced to their order, from which the measures of any resample are counted in one pass. */
export class RankedScores {
  readonly #placeOfNormal: Int32Array;
  readonly #placeOfAnomalous: Int32Array;
  readonly #normals: Int32Array;
  readonly #anomalies: Int32Array;

  /**
   * @param scores - one score an image, larger = more anomalous
   * @param isAnomaly - ground truth
   * @param truePositiveRate - share of the anomalies to find
   * @throws RangeError when lengths differ, a score is NaN, or a kind is missing
   */
  constructor(
    scores: ArrayLike<number>,
    isAnomaly: AnomalyLabels,
    readonly truePositiveRate: number,
  ) {
    const sorted = sortByKind("the bootstrap", scores, isAnomaly);
    const falling = Float64Array.from(new Set([...sorted.normal, ...sorted.anomalous]))
      .sort()
      .reverse();
    const placeOf = new Map(Array.from(falling, (score, place) => [score, place]));
    this.#normals = new Int32Array(falling.length);
    this.#anomalies = new Int32Array(falling.length);
    this.#placeOfNormal = new Int32Array(sorted.normal.length);
    this.#placeOfAnomalous = new Int32Array(sorted.anomalous.length);
    let [a, b] = [0, 0];
    for (let i = 0; i < scores.length; i++) {
      const place = placeOf.get(scores[i]) as number;
      if (Number(isAnomaly[i]) === 1) this.#placeOfAnomalous[a++] = place;
      else this.#placeOfNormal[b++] = place;
    }
  }

  /** @returns the resample that takes every image once */
  everyImage(): Resample {
    return {
      normal: this.#placeOfNormal.map((_, i) => i),
      anomalous: this.#placeOfAnomalous.map((_, i) => i),
    };
  }

  /**
   * @param resample - the images to take
   * @returns the measures of these images
   */
  measure({ normal, anomalous }: Resample): RankMeasures {
    const normals = this.#normals.fill(0);
    const anomalies = this.#anomalies.fill(0);
    for (let i = 0; i < normal.length; i++) normals[this.#placeOfNormal[normal[i]]]++;
    for (let i = 0; i < anomalous.length; i++) anomalies[this.#placeOfAnomalous[anomalous[i]]]++;
    let [foundNormals, found, halfPairs, precision, rate] = [0, 0, 0, 0, -1];
    for (let place = 0; place < normals.length; place++) {
      halfPairs += normals[place] * (2 * found + anomalies[place]);
      foundNormals += normals[place];
      if (anomalies[place] === 0) continue;
      found += anomalies[place];
      precision += (anomalies[place] * found) / (found + foundNormals);
      if (rate < 0 && reaches(found, anomalous.length, this.truePositiveRate)) {
        rate = foundNormals / normal.length;
      }
    }
    return {
      rocAuc: halfPairs / (2 * normal.length * anomalous.length),
      averagePrecision: precision / anomalous.length,
      falsePositiveRate: rate,
    };
  }
}
