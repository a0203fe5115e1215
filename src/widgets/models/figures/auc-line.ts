import { roundStep } from "../../../plots/histogram.js";
import { translucent, wordColor } from "../../../plots/theme.js";
import type { FigureSpec } from "../../explorer-model.js";
import { figureHeight, layoutOf, margin } from "./frame.js";

/** ROCAUC against something. */
export interface AucLine {
  /** Name among several, without markup. */
  readonly name?: string;
  readonly color: string;
  readonly dash?: string;
  readonly x: readonly number[];
  /** ROCAUC as fractions. */
  readonly y: ArrayLike<number>;
  /** Lower ends of intervals, as fractions. */
  readonly low?: ArrayLike<number>;
  /** Upper ends of intervals, as fractions. */
  readonly high?: ArrayLike<number>;
}

/** What the figure is about. */
export interface AucFigure {
  readonly name: string;
  readonly title: string;
  readonly xTitle: string;
  /** How x is written in hover texts, for example "k = %{x}". */
  readonly hover: string;
  readonly xaxis: { readonly type?: "log" | "linear"; readonly range: readonly [number, number] } & Record<
    string,
    unknown
  >;
  /** Range of the axis, as fractions. */
  readonly yRange: readonly [number, number];
  /** The place to mark and what is written there. */
  readonly mark: { readonly x: number; readonly text: string };
  readonly alt: string;
}

/**
 * @param lines - always equally many for one explorer
 * @param about - what the figure is about
 * @returns lines with bands in per cent, and a mark at the current setting
 */
export function aucFigure(lines: readonly AucLine[], about: AucFigure): FigureSpec {
  const { mark, xaxis } = about;
  const range = inPercent(withRoom(about.yRange, lines.filter(({ name }) => name).length));
  const dtick = roundStep((range[1] - range[0]) / 5);
  return {
    name: about.name,
    data: [...lines.map(band), ...lines.map((line) => trace(line, about))],
    layout: layoutOf({
      title: about.title,
      xTitle: about.xTitle,
      yTitle: "ROCAUC (%)",
      xaxis,
      yaxis: { range, dtick },
      annotations: lines.flatMap((line, i) => nameLabel(line, i, lines.length)),
    }),
    alt: about.alt,
    mark: { ...mark, points: lines.flatMap((line) => point(line, mark.x)) },
  };
}

/** A narrower axis would make noise look like a trend. */
const smallestSpan = 0.1;

/** What `aucRange` leaves free below the lowest curve, as a share of the axis. */
const freeBelow = 0.09;

/** Lowers the axis until the names of the lines have a place below all curves, whatever the settings are. */
function withRoom([low, high]: readonly [number, number], names: number): [number, number] {
  if (names === 0) return [low, high];
  const share = (nameStart + nameHeight * names) / (figureHeight - margin.t - margin.b);
  const lowest = low + freeBelow * (high - low);
  return [Math.max(0, Math.min(low, (lowest - share * high) / (1 - share))), high];
}

/**
 * @param values - areas and ends of intervals, as fractions
 * @returns a range, as fractions, of the axis about all that are numbers
 */
export function aucRange(values: Iterable<number>): [number, number] {
  const known = [...values].filter((value) => !Number.isNaN(value));
  const [low, high] = known.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [1, 0]);
  if (low > high) return [0, 1];
  const room = Math.max(0.12 * (high - low), (smallestSpan - (high - low)) / 2);
  return [Math.max(0, low - room), Math.min(1.004, high + room)];
}

function inPercent(fractions: ArrayLike<number>): number[] {
  return Array.from(fractions, (value) => 100 * value);
}

function band({ x, low, high, color }: AucLine): object {
  const known = low && high && !Number.isNaN(low[0]);
  return {
    type: "scatter",
    mode: "lines",
    x: known ? [...x, ...[...x].reverse()] : [],
    y: known ? [...inPercent(high), ...inPercent(low).reverse()] : [],
    fill: "toself",
    fillcolor: translucent(color, 0.24),
    line: { width: 0, color },
    hoverinfo: "skip",
  };
}

function trace({ name, x, y, color, dash = "solid" }: AucLine, { hover }: AucFigure): object {
  return {
    type: "scatter",
    mode: x.length <= 40 ? "lines+markers" : "lines",
    x,
    y: inPercent(y),
    line: { color, width: 2, dash },
    marker: { color, size: 4.5 },
    cliponaxis: false,
    hovertemplate: `${name ? `${name}<br>` : ""}${hover}<br>ROCAUC %{y:.2f} %<extra></extra>`,
  };
}

function point({ x, y, color }: AucLine, at: number): { y: number; color: string }[] {
  const value = y[x.indexOf(at)];
  return value === undefined || Number.isNaN(value) ? [] : [{ y: 100 * value, color }];
}

const [nameStart, nameHeight] = [3, 16];

function nameLabel({ name, color }: AucLine, i: number, count: number): object[] {
  if (!name) return [];
  const yshift = nameStart + nameHeight * (count - 1 - i);
  const corner = {
    x: 0,
    xref: "paper",
    xanchor: "left",
    xshift: 5,
    y: 0,
    yref: "paper",
    yanchor: "bottom",
    yshift,
  };
  return [{ ...corner, text: `<b>${name}</b>`, font: { color: wordColor(color), size: 12 } }];
}
