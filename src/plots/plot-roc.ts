import { rocAucInterval } from "../metrics/delong.js";
import { type AnomalyLabels, sortByKind } from "../metrics/labelled-scores.js";
import { rocAuc, rocCurve } from "../metrics/roc.js";
import { rocBand } from "../metrics/roc-band.js";
import { type CompareOptions, scoresToCompare } from "./compared-scores.js";
import type { Figure } from "./figure.js";
import { type ScoreInput, scoreValues } from "./score-input.js";
import { colors } from "./theme.js";
import { type UnitBand, unitCurveFigure } from "./unit-curves.js";

/**
 * ROC curves with the areas under them and their 95 % intervals (DeLong), for another choice of images. About a curve by itself lies the 95 %
 * band of the true positive rate at each false positive rate.
 *
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - for each image whether it is an anomaly
 * @param options - title and size; `compare`: further scores
 * @returns the figure
 * @throws RangeError when there is no anomaly or no normal image, or scores and truth are not equally many
 */
export function plotRoc(scores: ScoreInput, isAnomaly: AnomalyLabels, options: CompareOptions = {}): Figure {
  const { compare = [] } = options;
  const curves = scoresToCompare("plotRoc", scores, isAnomaly, options).map(({ name, values, truth }) => {
    const { falsePositiveRate, truePositiveRate, threshold } = rocCurve(values, truth);
    const curve = {
      name,
      x: falsePositiveRate,
      y: truePositiveRate,
      threshold,
      value: rocAuc(values, truth),
    };
    return { ...curve, interval: intervalOf(values, truth) };
  });
  return unitCurveFigure(
    curves,
    {
      band: compare.length === 0 && curves[0].interval ? bandOf(scoreValues(scores), isAnomaly) : undefined,
      title: "ROC curve",
      xTitle: "False positive rate (normal images called anomalous)",
      yTitle: "True positive rate (anomalies found)",
      names: ["false positive rate", "true positive rate"],
      valueName: "ROCAUC",
      valueUnit: "%",
      chance: { y: [0, 1], label: chanceLabel },
      shape: "linear",
      corners: [
        { right: true, top: false },
        { right: false, top: true },
      ],
    },
    options,
  );
}

/** Ends of DeLong's interval; none where a kind has a single image. */
function intervalOf(scores: ArrayLike<number>, isAnomaly: AnomalyLabels): [number, number] | undefined {
  const { normal, anomalous } = sortByKind("the interval of ROCAUC", scores, isAnomaly);
  if (Math.min(normal.length, anomalous.length) < 2) return undefined;
  const { low, high } = rocAucInterval(scores, isAnomaly);
  return [low, high];
}

function bandOf(scores: ArrayLike<number>, isAnomaly: AnomalyLabels): UnitBand {
  const { falsePositiveRate, low, high } = rocBand(scores, isAnomaly);
  return { x: falsePositiveRate, low, high };
}

const chanceLabel = {
  text: "chance 50 %",
  x: 0.68,
  y: 0.68,
  xshift: 8,
  yshift: -8,
  textangle: -45,
  font: { size: 11.5, color: colors.quiet },
};
