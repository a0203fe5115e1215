import { checkOptions } from "../core/options.js";
import type { RocAucComparison } from "../metrics/delong.js";
import { Figure } from "./figure.js";
import { band, endLabels, labelSize } from "./interval-curves.js";
import { axisLabel, label } from "./label.js";
import { type FigureOptions, figureOptionKeys, frame } from "./layout.js";
import { textWidth } from "./static/fonts.js";
import { colors, series } from "./theme.js";

/** What one method gains over another where something has a value. */
export interface Gain {
  /** What was varied. */
  readonly x: number;
  /** Comparison of the two on the same images; a positive difference is a gain. */
  readonly comparison: Pick<RocAucComparison, "difference" | "low" | "high">;
}

/** Options of `plotGain`. */
export interface PlotGainOptions extends FigureOptions {
  /** What was varied, for the axis. */
  readonly xLabel: string;
  /** What gains over what, at the end of the curve, default "gain". */
  readonly name?: string;
}

/**
 * The difference of two ROCAUCs of the same test images against what was varied, with its paired interval as a band.
 *
 * @param gains - at least one difference, in any order
 * @param options - see PlotGainOptions
 * @returns the figure, in points of ROCAUC
 * @throws RangeError when there is no difference
 */
export function plotGain(gains: readonly Gain[], options: PlotGainOptions): Figure {
  checkOptions("plotGain", options, [...figureOptionKeys, "xLabel", "name"]);
  if (gains.length === 0) throw new RangeError("plotGain needs at least one difference; got none");
  const { xLabel, name = "gain", title = "Gain in ROCAUC" } = options;
  const sorted = [...gains].sort((a, b) => a.x - b.x);
  const x = sorted.map((one) => one.x);
  const points = (which: "difference" | "low" | "high") =>
    sorted.map(({ comparison }) => 100 * comparison[which]);
  const [y, low, high] = [points("difference"), points("low"), points("high")];
  const room = 0.1 * (Math.max(0, ...high) - Math.min(0, ...low) || 1);
  const range = [Math.min(0, ...low) - room, Math.max(0, ...high) + room];
  const margin = { r: 20 + textWidth(name, labelSize) };
  const { size, heading, innerHeight } = frame(options, { title, body: 320, margin });
  const pad = 0.02 * (x[x.length - 1] - x[0] || 1);
  return new Figure(
    [
      band(x, { low, high }, 0),
      {
        type: "scatter",
        mode: "lines+markers",
        x,
        y,
        line: { color: series[0], width: 2 },
        marker: { size: 6 },
        customdata: sorted.map((_, i) => `[${signed(low[i])}, ${signed(high[i])}]`),
        cliponaxis: false,
        hovertemplate: `${label(xLabel)}: %{x}<br>%{y:+.2f} points %{customdata}<extra></extra>`,
      },
    ],
    {
      ...size,
      xaxis: { title: { text: axisLabel(xLabel) }, range: [x[0] - pad, x[x.length - 1] + pad] },
      yaxis: { title: { text: "Gain in ROCAUC (points)" }, range },
      annotations: [...heading, ...endLabels([{ name }], [y[y.length - 1]], range, innerHeight)],
      shapes: [
        {
          type: "line",
          layer: "below",
          x0: 0,
          x1: 1,
          xref: "paper",
          y0: 0,
          y1: 0,
          line: { color: colors.ink, width: 1 },
        },
      ],
    },
    `${title}: ${sorted.map((one, i) => `${signed(y[i])} points [${signed(low[i])}, ${signed(high[i])}] at ${one.x}`).join("; ")}`,
  );
}

function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(2)}`;
}
