import { NeighborIndex } from "../neighbors/index.js";
import { type ContaminationPool, keptAfterCleaning } from "../scoring/index.js";
import type { ProtocolInputs } from "./inputs.js";
import { whitenedBy } from "./normalization.js";

/** Scores of the test images by the training set of one rate after one cleaning. */
export interface ScoredPart {
  /** Contamination rate. */
  readonly rate: number;
  /** Cleaned fraction. */
  readonly fraction: number;
  /** One score a test image. */
  readonly values: Float64Array;
}

/**
 * The contamination experiment on whitened features: every training set, contaminated and cleaned, whitens for itself, as who has
 * it and knows of no anomaly must. It is cleaned by its whitened features, then whitened anew by what is left.
 *
 * @param inputs - checked inputs
 * @param pool - training images with anomalies
 * @param rates - contamination rates
 * @param fractions - cleaned fractions
 * @returns scores of every rate and fraction
 * @throws RangeError when cleaning leaves too few images
 * @throws Aborted when interrupted
 */
export async function whitenedParts(
  { test, normalization, k, scoring, signal }: ProtocolInputs,
  pool: ContaminationPool,
  rates: readonly number[],
  fractions: readonly number[],
): Promise<ScoredPart[]> {
  const parts: ScoredPart[] = [];
  for (const rate of rates) {
    const all = pool.trainingSet(rate);
    const whole = await whitenedBy(all, test, normalization, signal);
    const index = new NeighborIndex(whole.train);
    const inside = fractions.some((fraction) => fraction > 0)
      ? (await index.search(whole.train, k, { signal })).scores(k, scoring).values
      : new Float64Array();
    for (const fraction of fractions) {
      let [searched, asked] = [index, whole.test];
      if (fraction > 0) {
        const kept = keptForNeighbors(inside, fraction, k);
        const rows = Int32Array.from(kept.keys()).filter((row) => kept[row] === 1);
        const left = await whitenedBy(all.subset(rows), test, normalization, signal);
        [searched, asked] = [new NeighborIndex(left.train), left.test];
      }
      const { values } = (await searched.search(asked, k, { signal })).scores(k, scoring);
      parts.push({ rate, fraction, values });
    }
  }
  return parts;
}

/**
 * Marks the training images that stay after cleaning, and requires enough of them to search among.
 *
 * @param scores - score of each training image inside the training set
 * @param fraction - share to remove
 * @param k - neighbors that must be left
 * @returns 1 for each image that stays
 * @throws RangeError when fewer than k stay
 */
export function keptForNeighbors(scores: ArrayLike<number>, fraction: number, k: number): Uint8Array {
  const kept = keptAfterCleaning(scores, fraction);
  const left = kept.reduce((sum, value) => sum + value, 0);
  if (left < k) {
    throw new RangeError(
      `cleaning must leave at least k = ${k} training images; removing ${fraction} of ${scores.length} leaves ${left}; clean less`,
    );
  }
  return kept;
}
