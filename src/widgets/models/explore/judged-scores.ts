import type { SortedScores } from "../../../metrics/labelled-scores.js";
import { countFromAbove } from "../../../metrics/roc.js";
import { bandOfSorted, type RocBand } from "../../../metrics/roc-band.js";
import type { Scores } from "../../../neighbors/scores.js";
import { visiblePoints } from "../figures/curve-points.js";
import { kindColors } from "../figures/frame.js";
import { type ScoreHistogram, type ScoreKind, scoreHistogram } from "../figures/histogram.js";
import { largest, smallest } from "../select-extreme.js";

/** Images a gallery shows. */
export const gallerySize = 12;

/** A ROC curve and what it is made of. */
export interface RocOfScores {
  /** Scores by kind, ascending. */
  readonly sorted: SortedScores;
  /** Points of the curve that can be told apart. */
  readonly curve: { readonly x: readonly number[]; readonly y: readonly number[] };
  readonly band: RocBand;
}

/** All that follows from scores without a threshold. */
export interface JudgedScores {
  readonly values: Float64Array;
  /** Every score, ascending. */
  readonly ascending: Float64Array;
  readonly histogram: ScoreHistogram;
  /** Positions of the most anomalous images. */
  readonly most: readonly number[];
  /** What needs the ground truth. */
  readonly judged?: RocOfScores & {
    /** The most anomalous normal images. */
    readonly highNormal: readonly number[];
    /** The least anomalous anomalies. */
    readonly lowAnomalies: readonly number[];
  };
  /** The least anomalous images, where the ground truth is not known. */
  readonly least: readonly number[];
}

/**
 * @param scores - one score an image
 * @param isAnomaly - ground truth with both kinds, where known
 * @param level - level of the band
 * @param noun - what a score belongs to
 * @returns what follows from them
 */
export function judge(
  scores: Scores,
  isAnomaly: Uint8Array | undefined,
  level: number,
  noun = "image",
): JudgedScores {
  const { values, description } = scores;
  const most = largest(values, gallerySize);
  if (!isAnomaly) {
    const kinds = [{ name: `all ${noun}s`, color: kindColors.unlabelled, values }];
    const ascending = values.slice().sort();
    return {
      values,
      ascending,
      histogram: scoreHistogram(kinds, description, noun),
      most,
      least: smallest(values, gallerySize),
    };
  }
  const roc = rocOf(values, isAnomaly, level);
  const { sorted } = roc;
  const kinds: ScoreKind[] = [
    { name: "normal", color: kindColors.normal, values: sorted.normal, wrong: "above" },
    { name: "anomaly", color: kindColors.anomaly, values: sorted.anomalous, wrong: "below" },
  ];
  return {
    values,
    ascending: merge(sorted),
    histogram: scoreHistogram(kinds, description, noun),
    most,
    judged: {
      ...roc,
      highNormal: largest(values, gallerySize, (i) => isAnomaly[i] === 0),
      lowAnomalies: smallest(values, gallerySize, (i) => isAnomaly[i] === 1),
    },
    least: [],
  };
}

/**
 * @param values - one score an image
 * @param isAnomaly - ground truth with both kinds
 * @param level - level of the band
 * @returns the ROC curve
 */
export function rocOf(values: Float64Array, isAnomaly: Uint8Array, level: number): RocOfScores {
  const sorted = split(values, isAnomaly);
  const counts = countFromAbove(sorted);
  const x = counts.normal.map((count) => count / sorted.normal.length);
  const y = counts.anomalous.map((count) => count / sorted.anomalous.length);
  const points = visiblePoints(x, y);
  return {
    sorted,
    curve: { x: Array.from(points, (i) => x[i]), y: Array.from(points, (i) => y[i]) },
    band: bandOfSorted(sorted, level, 61),
  };
}

function split(values: Float64Array, isAnomaly: Uint8Array): SortedScores {
  let anomalies = 0;
  for (const label of isAnomaly) anomalies += label;
  const normal = new Float64Array(values.length - anomalies);
  const anomalous = new Float64Array(anomalies);
  let [a, b] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (isAnomaly[i] === 1) anomalous[a++] = values[i];
    else normal[b++] = values[i];
  }
  return { normal: normal.sort(), anomalous: anomalous.sort() };
}

function merge({ normal, anomalous }: SortedScores): Float64Array {
  const all = new Float64Array(normal.length + anomalous.length);
  let [i, j] = [0, 0];
  for (let at = 0; at < all.length; at++) {
    all[at] = j >= anomalous.length || normal[i] <= anomalous[j] ? normal[i++] : anomalous[j++];
  }
  return all;
}
