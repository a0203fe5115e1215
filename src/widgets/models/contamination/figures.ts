import { formatCount } from "../../../plots/number-format.js";
import { series } from "../../../plots/theme.js";
import type { FigureSpec } from "../../explorer-model.js";
import type { RocOfScores } from "../explore/judged-scores.js";
import { countBelow, shareFor } from "../explore/threshold.js";
import { areaText } from "../figures/area-text.js";
import { aucFigure } from "../figures/auc-line.js";
import { histogramFigure, type ScoreHistogram } from "../figures/histogram.js";
import { percent, rocFigure } from "../figures/roc.js";
import type { ContaminationData } from "./data.js";

/** Colors of the scores with the training set as it is, and cleaned. */
const lineColors = { plain: "#868686", cleaned: series[2] };

/** Where the controls stand. */
export interface Chosen {
  readonly rate: number;
  readonly cleaned: number;
  readonly k: number;
}

/** Scores of the training images among each other. */
export interface TrainingScores {
  readonly values: Float64Array;
  readonly ascending: Float64Array;
  readonly histogram: ScoreHistogram;
}

/** Scores of the test images. */
export interface TestScores extends RocOfScores {
  readonly values: Float64Array;
}

/** What cleaning removed, and of how many. */
export interface Removed {
  readonly normals: number;
  readonly anomalies: number;
  readonly allNormals: number;
  readonly allAnomalies: number;
}

/**
 * @param data - what the model reads
 * @param chosen - where the controls stand
 * @returns ROCAUC of all test images and the ends of its interval, as fractions
 */
export function areaOf(
  data: ContaminationData,
  { rate, cleaned, k }: Chosen,
): { rocAuc: number; low: number; high: number } {
  const { rates, cleaned: fractions, kMax, areas } = data;
  const row = rates.indexOf(rate) * fractions.length + fractions.indexOf(cleaned);
  const at = 3 * (row * kMax + k - 1);
  return { rocAuc: areas[at], low: areas[at + 1], high: areas[at + 2] };
}

/**
 * @param data - what the model reads
 * @param chosen - where the controls stand
 * @param yRange - range of the axis, the same for all settings
 * @returns ROCAUC against the contamination rate, as it is and cleaned
 */
export function aucByRate(
  data: ContaminationData,
  chosen: Chosen,
  yRange: readonly [number, number],
): FigureSpec {
  const { rates } = data;
  const line = (cleaned: number) => {
    const areas = rates.map((rate) => areaOf(data, { ...chosen, rate, cleaned }));
    return {
      x: rates.map(inPercent),
      y: areas.map((a) => a.rocAuc),
      low: areas.map((a) => a.low),
      high: areas.map((a) => a.high),
    };
  };
  const end = inPercent(rates[rates.length - 1]);
  const name = `cleaned by ${percent(chosen.cleaned)}`;
  return aucFigure(
    [
      { ...line(0), name: "as it is", color: lineColors.plain, dash: "dash" },
      { ...line(chosen.cleaned), name, color: lineColors.cleaned },
    ],
    {
      name: "auc",
      title: "ROCAUC against contamination",
      xTitle: "Anomalies among the training images (%)",
      hover: "%{x:.3~g} % anomalies",
      xaxis: { range: [-0.03 * end, 1.03 * end], nticks: 7 },
      yRange: yRange,
      mark: { x: inPercent(chosen.rate), text: `${percent(chosen.rate)} anomalies` },
      alt: `ROCAUC against the contamination rate up to ${percent(rates[rates.length - 1])}, as it is and ${name}`,
    },
  );
}

/**
 * @param data - what the model reads
 * @param chosen - where the controls stand
 * @param plain - scores with the training set as it is
 * @param mended - scores with the cleaned one
 * @returns both ROC curves
 */
export function rocOfBoth(
  data: ContaminationData,
  chosen: Chosen,
  plain: TestScores,
  mended: TestScores,
): FigureSpec {
  const before = areaText(areaOf(data, { ...chosen, cleaned: 0 }).rocAuc);
  const after = areaText(areaOf(data, chosen).rocAuc);
  return rocFigure(
    [
      {
        ...plain.curve,
        color: lineColors.plain,
        dash: "dash",
        label: `as it is ${before}`,
        band: plain.band,
      },
      { ...mended.curve, color: lineColors.cleaned, label: `cleaned ${after}`, band: mended.band },
    ],
    {
      level: data.level,
      alt: `ROC curves with ${percent(chosen.rate)} anomalies in training: ROCAUC ${before} as it is, ${after} cleaned by ${percent(chosen.cleaned)}`,
    },
  );
}

/**
 * @param data - what the model reads
 * @param chosen - where the controls stand
 * @param training - scores of the training images among each other
 * @param mask - for each image of the pool 1 where it stays
 * @param removed - what cleaning removed
 * @returns their histogram with the place from which on they are removed
 */
export function trainingHistogram(
  data: ContaminationData,
  { rate, cleaned }: Chosen,
  { values, ascending, histogram }: TrainingScores,
  mask: Uint8Array,
  removed: Removed,
): FigureSpec {
  const { cleaned: fractions } = data;
  let lowestRemoved = Number.POSITIVE_INFINITY;
  values.forEach((value, i) => {
    if (mask[i] === 0) lowestRemoved = Math.min(lowestRemoved, value);
  });
  const below = countBelow(ascending, lowestRemoved);
  const line =
    below > 0 && below < ascending.length ? (ascending[below - 1] + lowestRemoved) / 2 : lowestRemoved;
  return histogramFigure(histogram, line, {
    name: "training",
    title: "Inside the training set",
    mark: cleaned === 0 ? "nothing removed" : `${percent(cleaned)} removed`,
    drag: { setting: "cleaned", value: (x) => nearest(fractions, shareFor(ascending, x)) },
    alt: `Scores of the training images among each other with ${percent(rate)} anomalies; cleaning by ${percent(cleaned)} removes ${formatCount(removed.anomalies, "anomaly", "anomalies")} and ${formatCount(removed.normals, "normal image")}`,
  });
}

/**
 * @param values - at least one value
 * @param wanted - any number
 * @returns the value that is nearest to it
 */
export function nearest(values: readonly number[], wanted: number): number {
  return values.reduce((best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best));
}

function inPercent(fraction: number): number {
  return 100 * fraction;
}
