import { checkOptions } from "../core/options.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import { type FigureOptions, figureOptionKeys } from "./layout.js";
import { type ScoreInput, scoreValues } from "./score-input.js";

/** Scores to compare with the first ones, on the same images unless it has its own truth. */
export interface ComparedScores {
  /** Name of the method or setting. */
  readonly name: string;
  /** One score an image, larger = more anomalous. */
  readonly scores: ScoreInput;
  /** Ground truth, default that of the first scores. */
  readonly isAnomaly?: AnomalyLabels;
}

/** Options of figures that compare scores. */
export interface CompareOptions extends FigureOptions {
  /** Name of the first scores among several, default "these scores". */
  readonly name?: string;
  /** Further scores, each one more curve. */
  readonly compare?: readonly ComparedScores[];
}

/**
 * Brings the first and the compared scores into one form.
 *
 * @param owner - name of the function, for messages
 * @param scores - the first scores
 * @param isAnomaly - their ground truth
 * @param options - options of the user
 * @returns every curve's name, scores and truth
 */
export function scoresToCompare(
  owner: string,
  scores: ScoreInput,
  isAnomaly: AnomalyLabels,
  options: CompareOptions,
): { name: string; values: ArrayLike<number>; truth: AnomalyLabels }[] {
  checkOptions(owner, options, [...figureOptionKeys, "name", "compare"]);
  const { name = "these scores", compare = [] } = options;
  return [{ name, scores, isAnomaly }, ...compare].map((one) => {
    checkOptions(`${owner}, compare`, one, ["name", "scores", "isAnomaly"]);
    return { name: one.name, values: scoreValues(one.scores), truth: one.isAnomaly ?? isAnomaly };
  });
}
