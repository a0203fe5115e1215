import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import { rocAuc, rocCurve } from "../metrics/roc.js";
import { type CompareOptions, scoresToCompare } from "./compared-scores.js";
import type { Figure } from "./figure.js";
import type { ScoreInput } from "./score-input.js";
import { colors } from "./theme.js";
import { unitCurveFigure } from "./unit-curves.js";

/**
 * ROC curves with the areas under them.
 *
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - for each image whether it is an anomaly
 * @param options - title and size; `compare`: further scores
 * @returns the figure
 * @throws RangeError when there is no anomaly or no normal image, or scores and truth are not equally many
 */
export function plotRoc(scores: ScoreInput, isAnomaly: AnomalyLabels, options: CompareOptions = {}): Figure {
  const curves = scoresToCompare("plotRoc", scores, isAnomaly, options).map(({ name, values, truth }) => {
    const { falsePositiveRate, truePositiveRate, threshold } = rocCurve(values, truth);
    return { name, x: falsePositiveRate, y: truePositiveRate, threshold, value: rocAuc(values, truth) };
  });
  return unitCurveFigure(
    curves,
    {
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

const chanceLabel = {
  text: "chance 50 %",
  x: 0.17,
  y: 0.17,
  xshift: 8,
  yshift: -8,
  textangle: -45,
  font: { size: 11.5, color: colors.quiet },
};
