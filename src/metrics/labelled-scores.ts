/** Ground truth of an evaluation: one entry an image, 1 or true where it is an anomaly, 0 or false where it is normal. */
export type AnomalyLabels = ArrayLike<number> | ArrayLike<boolean>;

/** Scores by kind, each ascending. */
export interface SortedScores {
  /** Scores of the normal images. */
  readonly normal: Float64Array;
  /** Scores of the anomalies. */
  readonly anomalous: Float64Array;
}

/**
 * Checks scores and ground truth and sorts the scores of either kind.
 *
 * @param metric - what is to be computed, for messages
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - ground truth
 * @returns the scores by kind, ascending
 * @throws RangeError when lengths differ, a score is NaN, a label is not 0 or 1, or one kind is missing
 */
export function sortByKind(
  metric: string,
  scores: ArrayLike<number>,
  isAnomaly: AnomalyLabels,
): SortedScores {
  const n = scores.length;
  if (isAnomaly.length !== n) {
    throw new RangeError(`${metric} needs one label a score; got ${n} scores and ${isAnomaly.length} labels`);
  }
  let anomalies = 0;
  for (let i = 0; i < n; i++) {
    const label = Number(isAnomaly[i]);
    if (label !== 0 && label !== 1) {
      throw new RangeError(`labels must be 0 (normal) or 1 (anomaly); label ${i} is ${isAnomaly[i]}`);
    }
    if (Number.isNaN(scores[i]))
      throw new RangeError(`${metric} needs scores that are numbers; score ${i} is NaN`);
    anomalies += label;
  }
  if (anomalies === 0 || anomalies === n) {
    const missing = anomalies === 0 ? "anomaly" : "normal image";
    throw new RangeError(
      `${metric} is undefined without any ${missing}: it compares anomalies with normal images; got ${anomalies} anomalies and ${n - anomalies} normal images`,
    );
  }
  const normal = new Float64Array(n - anomalies);
  const anomalous = new Float64Array(anomalies);
  let [a, b] = [0, 0];
  for (let i = 0; i < n; i++) {
    if (Number(isAnomaly[i]) === 1) anomalous[a++] = scores[i];
    else normal[b++] = scores[i];
  }
  return { normal: normal.sort(), anomalous: anomalous.sort() };
}
