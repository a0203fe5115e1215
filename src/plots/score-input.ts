import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import { Scores } from "../neighbors/scores.js";

/** Anomaly scores, larger = more anomalous: as a table gives them, or plain numbers. */
export type ScoreInput = Scores | ArrayLike<number>;

/**
 * @param scores - scores as a figure takes them
 * @returns the numbers
 */
export function scoreValues(scores: ScoreInput): ArrayLike<number> {
  return scores instanceof Scores ? scores.values : scores;
}

/**
 * @param scores - scores as a figure takes them
 * @returns what a score is, for axis labels
 */
export function scoreDescription(scores: ScoreInput): string {
  return scores instanceof Scores ? scores.description : "anomaly score";
}

/**
 * @param owner - name of the function, for the message
 * @param scores - scores as a figure takes them
 * @returns the numbers
 * @throws RangeError when there is none, or one is not finite
 */
export function finiteScores(owner: string, scores: ScoreInput): number[] {
  const values = Array.from(scoreValues(scores));
  if (values.length === 0) throw new RangeError(`${owner} needs at least one score; got none`);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new RangeError(`${owner} needs finite scores; score ${wrong} is ${values[wrong]}`);
  return values;
}

/**
 * @param count - number of scores
 * @param isAnomaly - ground truth
 * @returns for each image whether it is an anomaly
 * @throws RangeError when there is not one truth value for each score
 */
export function truthOf(count: number, isAnomaly: AnomalyLabels): boolean[] {
  if (isAnomaly.length !== count) {
    throw new RangeError(
      `every score needs one truth value; got ${count} scores and ${isAnomaly.length} values of isAnomaly`,
    );
  }
  return Array.from<number | boolean, boolean>(isAnomaly, Boolean);
}
