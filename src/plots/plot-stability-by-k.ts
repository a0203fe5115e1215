import { checkOptions } from "../core/options.js";
import type { StabilityByK } from "../scoring/stability.js";
import { Figure } from "./figure.js";
import { band, numberAxis } from "./interval-curves.js";
import { type FigureOptions, figureOptionKeys, frame } from "./layout.js";
import { colors, series, wordColor } from "./theme.js";

/**
 * How alike two halves of the training images rank the same images, against k, with the k that is stable enough.
 *
 * @param stability - as `stabilityByK` returns it
 * @param options - title and size
 * @returns the figure; its band reaches one standard error to either side
 */
export function plotStabilityByK(stability: StabilityByK, options: FigureOptions = {}): Figure {
  checkOptions("plotStabilityByK", options, figureOptionKeys);
  const { correlation, standardError, k } = stability;
  const { title = "Stability of the ranking against k" } = options;
  const y = Array.from(correlation);
  const x = y.map((_, i) => i + 1);
  const [low, high] = [-1, 1].map((sign) => y.map((value, i) => value + sign * standardError[i]));
  const { size, heading } = frame(options, { title });
  const line = { color: series[0], width: 2 };
  const axis = numberAxis(x);
  const best = y[k - 1];
  return new Figure(
    [
      band(x, { low, high }, 0),
      {
        type: "scatter",
        mode: "lines+markers",
        x,
        y,
        line,
        marker: {
          color: x.map((one) => (one === k ? colors.anomaly : series[0])),
          size: x.map((one) => (one === k ? 11 : 6)),
        },
        cliponaxis: false,
        hovertemplate: "k = %{x}<br>rank correlation %{y:.4f}<extra></extra>",
      },
    ],
    {
      ...size,
      xaxis: { ...axis, title: { text: "k (nearest normal images behind each score)" } },
      yaxis: { title: { text: "Rank correlation of the two halves" } },
      annotations: [
        ...heading,
        {
          text: `k = ${k}: ${best.toFixed(3)}`,
          x: axis.type === "log" ? Math.log10(k) : k,
          y: best,
          xanchor: k > 0.9 * x.length ? "right" : "left",
          yanchor: "top",
          yshift: k > 0.9 * x.length ? -34 : -12,
          font: { size: 13, color: wordColor(colors.anomaly) },
        },
      ],
    },
    `${title}: rank correlation ${y[0].toFixed(3)} at k = 1, ${y[y.length - 1].toFixed(3)} at k = ${y.length}; stable enough from k = ${k}, ${best.toFixed(3)}`,
  );
}
