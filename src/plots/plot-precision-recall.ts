import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import { averagePrecision, precisionRecallCurve } from "../metrics/precision-recall.js";
import { type CompareOptions, scoresToCompare } from "./compared-scores.js";
import type { Figure } from "./figure.js";
import type { ScoreInput } from "./score-input.js";
import { colors } from "./theme.js";
import { unitCurveFigure } from "./unit-curves.js";

/**
 * Precision-recall curves with their average precisions. Chance is the share of anomalies among the images of the first
 * scores.
 *
 * @param scores - one score an image, larger = more anomalous
 * @param isAnomaly - for each image whether it is an anomaly
 * @param options - title and size; `compare`: further scores
 * @returns the figure
 * @throws RangeError when there is no anomaly or no normal image, or scores and truth are not equally many
 */
export function plotPrecisionRecall(
  scores: ScoreInput,
  isAnomaly: AnomalyLabels,
  options: CompareOptions = {},
): Figure {
  const curves = scoresToCompare("plotPrecisionRecall", scores, isAnomaly, options).map(
    ({ name, values, truth }) => {
      const { recall, precision, threshold } = precisionRecallCurve(values, truth);
      return { name, x: recall, y: precision, threshold, value: averagePrecision(values, truth) };
    },
  );
  const first = curves[0].y;
  const share = first[first.length - 1];
  return unitCurveFigure(
    curves,
    {
      title: "Precision-recall curve",
      xTitle: "Recall (anomalies found)",
      yTitle: "Precision (anomalies among images called anomalous)",
      names: ["recall", "precision"],
      valueName: "Average precision",
      chance: { y: [share, share], label: chanceLabel(share) },
      shape: "vh",
      corners: [
        { right: false, top: false },
        { right: true, top: true },
        { right: true, top: false },
      ],
    },
    options,
  );
}

function chanceLabel(share: number): object {
  return {
    text: `chance ${share.toFixed(2)}`,
    x: 1,
    xanchor: "right",
    xshift: -4,
    y: share,
    yanchor: share > 0.5 ? "top" : "bottom",
    font: { size: 11.5, color: colors.quiet },
  };
}
