import { label } from "./label.js";
import { spread } from "./spread.js";
import { textWidth } from "./static/fonts.js";
import { series, translucent, wordColor } from "./theme.js";

/** Size of the names at the ends of curves, in pixels. */
export const labelSize = 12.5;

/** Ends of intervals along a curve. */
export interface Ends {
  /** Lower ends. */
  readonly low: readonly number[];
  /** Upper ends. */
  readonly high: readonly number[];
}

/**
 * An axis for positive numbers, logarithmic where they reach over more than one power of ten.
 *
 * @param values - all positions
 * @returns type, range and ticks of a plotly axis
 */
export function numberAxis(values: readonly number[]): { type: string; range: number[]; tickvals: number[] } {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const type = high > 12 * low ? "log" : "linear";
  const round = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12];
  const powers = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];
  const tickvals = (type === "log" ? powers : round).filter((value) => value >= low && value <= high);
  const pad = high > low ? 0.02 : 0.2;
  const ends = type === "log" ? [Math.log10(low), Math.log10(high)] : [low, high];
  const room = pad * (ends[1] - ends[0] || 1);
  return { type, range: [ends[0] - room, ends[1] + room], tickvals };
}

/**
 * @param x - positions along the curve
 * @param ends - interval at each position
 * @param i - number of the curve, which decides about its color
 * @returns a plotly trace that fills the band between the ends
 */
export function band(x: readonly (number | string)[], { low, high }: Ends, i: number): object {
  return {
    type: "scatter",
    mode: "lines",
    x: [...x, ...[...x].reverse()],
    y: [...high, ...[...low].reverse()],
    fill: "toself",
    fillcolor: translucent(series[i % series.length], 0.15),
    line: { width: 0 },
    hoverinfo: "skip",
  };
}

/** What stands at the end of a curve. */
export interface EndLabel {
  /** The curve's last value, in bold before the name; default none. */
  readonly value?: string;
  /** Its name, with \n between lines. */
  readonly name: string;
}

/**
 * @param endLabel - what stands at the end of a curve
 * @returns width of its widest line, in pixels
 */
export function endLabelWidth({ value, name }: EndLabel): number {
  const lead = value ? textWidth(`${value} `, labelSize, "bold") : 0;
  return Math.max(...name.split("\n").map((line, i) => (i === 0 ? lead : 0) + textWidth(line, labelSize)));
}

/**
 * Names of curves right of the axes, each at its curve's end, moved apart where they would touch.
 *
 * @param names - values and names
 * @param values - the curves' last values
 * @param y - range of the vertical axis
 * @param height - height inside the axes, in pixels
 * @param tones - color of each name, default those of the series
 * @returns annotations of a layout
 */
export function endLabels(
  names: readonly EndLabel[],
  values: readonly number[],
  y: readonly number[],
  height: number,
  tones: readonly string[] = series,
): object[] {
  const pixels = values.map((value) => ((value - y[0]) / (y[1] - y[0])) * height);
  const all = names.map(({ value, name }) => {
    const [first, ...others] = name.split("\n").map(label);
    return [value ? `<b>${label(value)}</b> ${first}` : first, ...others];
  });
  const half = 8 * Math.max(...all.map((lines) => lines.length));
  const placed = spread(pixels, 2 * half, half, height - half);
  return all.map((lines, i) => ({
    text: lines.join("<br>"),
    align: "left",
    x: 1,
    xref: "paper",
    xanchor: "left",
    xshift: 4,
    y: placed[i] / height,
    yref: "paper",
    yanchor: "middle",
    font: { size: labelSize, color: wordColor(tones[i % tones.length]) },
  }));
}
