import { checkOptions } from "../core/options.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import { Figure } from "./figure.js";
import { countInBins, outline } from "./histogram.js";
import { type FigureOptions, figureOptionKeys, frame } from "./layout.js";
import { formatCount } from "./number-format.js";
import { truthOf } from "./score-input.js";
import { colors, translucent, wordColor } from "./theme.js";

const bins = 20;
const edges = Array.from({ length: bins + 1 }, (_, i) => i / bins);

/**
 * The distribution of p-values. Those of normal images are as often in one bin as in another, which the dotted line shows;
 * those of anomalies gather at 0.
 *
 * @param pValues - one p-value an image, from 0 to 1, as `Calibration.pValues` gives them
 * @param isAnomaly - for each image whether it is an anomaly; undefined = not known
 * @param options - title and size
 * @returns the figure
 * @throws RangeError when there is no p-value, one is not from 0 to 1, or p-values and truth are not equally many
 */
export function plotPValues(
  pValues: ArrayLike<number>,
  isAnomaly?: AnomalyLabels,
  options: FigureOptions = {},
): Figure {
  checkOptions("plotPValues", options, figureOptionKeys);
  const { title = "p-values" } = options;
  const values = Array.from(pValues);
  if (values.length === 0) throw new RangeError("plotPValues needs at least one p-value; got none");
  const wrong = values.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong >= 0) throw new RangeError(`p-values must be from 0 to 1; number ${wrong} is ${values[wrong]}`);
  const truth = isAnomaly && truthOf(values.length, isAnomaly);
  const kinds = (
    truth
      ? [
          { name: "normal", color: colors.normal, values: values.filter((_, i) => !truth[i]) },
          { name: "anomaly", color: colors.anomaly, values: values.filter((_, i) => truth[i]) },
        ]
      : [{ name: "all images", color: colors.unlabelled, values }]
  ).filter((kind) => kind.values.length > 0);
  const { size, heading } = frame(options, { title, body: 330 });
  const heights = kinds.map((kind) =>
    countInBins(kind.values, edges).map((count) => (100 * count) / kind.values.length),
  );
  const said = kinds.map((kind) => `<b>${kind.name}</b> (${about(kind.values)})`);
  return new Figure(
    kinds.map((kind, i) => ({
      type: "scatter",
      mode: "lines",
      name: kind.name,
      ...outline(edges, heights[i]),
      fill: "tozeroy",
      fillcolor: translucent(kind.color, 0.22),
      line: { color: kind.color, width: 1.75, dash: i === 0 ? "solid" : "dash" },
      hovertemplate: `${kind.name}: %{y:.1f} % of its images in the bin<extra></extra>`,
    })),
    {
      ...size,
      xaxis: { title: { text: "p-value (small = more anomalous)" }, range: [0, 1] },
      yaxis: {
        title: { text: "Images (% of each kind)" },
        range: [0, 1.06 * Math.max(10, ...heights.flat())],
      },
      annotations: [
        ...heading,
        ...said.map((text, i) => ({
          text,
          x: 0.98,
          xref: "paper",
          xanchor: "right",
          y: 1,
          yref: "paper",
          yanchor: "top",
          yshift: -20 * i,
          font: { color: wordColor(kinds[i].color), size: 12.5 },
        })),
        {
          text: `${100 / bins} % in every bin: uniform`,
          x: 0.98,
          xref: "paper",
          xanchor: "right",
          y: 100 / bins,
          yanchor: "bottom",
          yshift: heights[0].slice(-8).some((height) => height > 100 / bins) ? 22 : 2,
          font: { color: colors.quiet, size: 12 },
        },
      ],
      shapes: [
        {
          type: "line",
          x0: 0,
          x1: 1,
          y0: 100 / bins,
          y1: 100 / bins,
          line: { color: colors.quiet, width: 1.25, dash: "dot" },
        },
      ],
    },
    `${title}: ${kinds.map((kind) => `${kind.name}: ${about(kind.values)}`).join("; ")}`,
  );
}

function about(values: readonly number[]): string {
  const small = values.filter((value) => value <= 0.05).length;
  return `${formatCount(values.length, "image")}, ${((100 * small) / values.length).toFixed(1)} % at most 0.05`;
}
