import { checkOptions } from "../core/options.js";
import type { CurveResult } from "../protocols/curves.js";
import { Figure } from "./figure.js";
import { roundStep } from "./histogram.js";
import { band, endLabels, endLabelWidth, labelSize, numberAxis } from "./interval-curves.js";
import { axisLabel, label, shortLabel } from "./label.js";
import { type FigureOptions, figureOptionKeys, frame } from "./layout.js";
import { fitText, textWidth } from "./static/fonts.js";
import { colors, dashes, series, wordColor } from "./theme.js";

/** A figure from elsewhere to compare with, for example a published one. */
export interface ReferenceArea {
  /** What it is. */
  readonly name: string;
  /** Where it stands, and whether it was checked there. */
  readonly note?: string;
  /** ROCAUC as a fraction. */
  readonly value: number;
}

/** Options of `plotAucCurves`. */
export interface PlotAucCurvesOptions extends FigureOptions {
  /** Figures from elsewhere, drawn as diamonds at the right with a thin line. */
  readonly references?: readonly ReferenceArea[];
}

/**
 * @param reference - a figure from elsewhere
 * @returns its name in one line, with where it stands
 */
export function referenceName({ name, note }: ReferenceArea): string {
  return note ? `${note}: ${name}` : name;
}

/**
 * The curves of an experiment that varies something: mean ROCAUC with its 95 % interval as a band, each curve named at its
 * end. What has no order, and single points, are marks with a bar for the interval, each with its value where there is one curve.
 *
 * @param result - curves, as `fewImages`, `groups`, `contamination` and their like return them
 * @param options - see PlotAucCurvesOptions
 * @returns the figure
 * @throws RangeError when there is no point
 */
export function plotAucCurves(result: CurveResult, options: PlotAucCurvesOptions = {}): Figure {
  checkOptions("plotAucCurves", options, [...figureOptionKeys, "references"]);
  const { references = [], title = `ROCAUC against ${result.xLabel}` } = options;
  const curves = result.curves.filter(({ points }) => points.length > 0);
  if (curves.length === 0) throw new RangeError("plotAucCurves needs at least one point; got none");
  const ownValues = curves.length === 1 && curves[0].points.length > 1 && isApart(curves[0].points);
  const lasts = curves.map(({ points }) => points[points.length - 1].value);
  const named: readonly ReferenceArea[] = [
    ...curves.flatMap(({ name }, i) => (ownValues ? [] : [{ name, value: lasts[i] }])),
    ...references,
  ];
  const shortened = (text: string) => fitText(text, nameRoom, labelSize, { keep: "start" });
  const names = named.map(({ name, note, value }) => ({
    value: percent(value),
    name: [shortened(name), ...(note ? [shortened(note)] : [])].join("\n"),
  }));
  const r = 20 + Math.max(16, ...names.map(endLabelWidth));
  const { size, heading, innerWidth, innerHeight } = frame(options, { title, margin: { r } });
  const y = yRange([
    ...curves.flatMap(({ points }) => points.flatMap(({ interval }) => interval)),
    ...references.map(({ value }) => value),
  ]);
  const tones = [
    ...curves.flatMap((_, i) => (ownValues ? [] : [series[i % series.length]])),
    ...references.map(() => colors.text),
  ];
  return new Figure(
    [
      ...curves.flatMap(({ points }, i) =>
        isApart(points)
          ? []
          : [
              band(
                points.map(({ x }) => x),
                ends(points),
                i,
              ),
            ],
      ),
      ...curves.map((curve, i) => line(curve, i, result.xLabel, ownValues)),
      ...references.map(mark),
    ],
    {
      ...size,
      xaxis: {
        ...axisOf(
          curves.flatMap(({ points }) => points.map(({ x }) => x)),
          innerWidth,
        ),
        title: { text: axisLabel(result.xLabel) },
      },
      ...(references.length > 0 ? { xaxis2: { overlaying: "x", range: [0, 1], visible: false } } : {}),
      yaxis: { title: { text: "ROCAUC (%)" }, range: y, dtick: roundStep((y[1] - y[0]) / 6) },
      annotations: [
        ...heading,
        ...endLabels(
          names,
          named.map(({ value }) => 100 * value),
          y,
          innerHeight,
          tones,
        ),
      ],
      shapes: [...references.map(({ value }) => level(100 * value)), ...(y[0] < 50 ? [level(50)] : [])],
    },
    `${title}: ${[...curves.map(summary), ...references.map((one) => `${referenceName(one)} ${percent(one.value)}`)].join("; ")}`,
  );
}

const nameRoom = 250;
const tickSize = 12;
/** A narrower axis would make noise look like a trend. */
const smallestSpan = 5;

type Points = CurveResult["curves"][number]["points"];

/** Whether points stand for themselves: one alone, or words, between which there is nothing. */
function isApart(points: Points): boolean {
  return points.length === 1 || points.every(({ x }) => typeof x === "string");
}

const percent = (value: number) => (100 * value).toFixed(1);

function ends(points: Points): { low: number[]; high: number[] } {
  const side = (which: 0 | 1) => points.map(({ interval }) => 100 * interval[which]);
  return { low: side(0), high: side(1) };
}

function yRange(fractions: readonly number[]): [number, number] {
  const [low, high] = [100 * Math.min(...fractions), 100 * Math.max(...fractions)];
  const room = Math.max(0.08 * (high - low), (smallestSpan - (high - low)) / 2);
  return [Math.max(0, low - room), Math.min(101, high + room)];
}

function axisOf(x: readonly (number | string)[], width: number): object {
  const numbers = x.filter((one) => typeof one === "number");
  if (numbers.length < x.length) {
    const words = [...new Set(x)];
    return {
      type: "category",
      range: [-0.3, words.length - 0.7],
      tickangle: 0,
      tickvals: words,
      ticktext: words.map((word) => inLines(String(word), width / (words.length - 0.4))),
    };
  }
  if (Math.min(...numbers) > 0) return numberAxis(numbers);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const room = 0.02 * (high - low || 1);
  return { type: "linear", range: [low - room, high + room] };
}

/** A name in as many lines as it needs, broken after the signs that names are joined by. */
function inLines(name: string, room: number): string {
  const lines: string[] = [];
  for (const part of name.split(/(?<=[_+\-/ ])/)) {
    const longer = (lines.at(-1) ?? "") + part;
    if (lines.length > 0 && textWidth(longer, tickSize) <= room) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.map((text) => label(text)).join("<br>");
}

function line(
  { name, points }: CurveResult["curves"][number],
  i: number,
  xLabel: string,
  ownValues: boolean,
): object {
  const color = series[i % series.length];
  const { low, high } = ends(points);
  const y = points.map(({ value }) => 100 * value);
  const reach = {
    type: "data",
    symmetric: false,
    array: high.map((end, p) => end - y[p]),
    arrayminus: low.map((end, p) => y[p] - end),
    ...{ color, thickness: 1.75, width: 6 },
  };
  return {
    type: "scatter",
    ...(isApart(points)
      ? {
          mode: ownValues ? "markers+text" : "markers",
          error_y: reach,
          ...(ownValues ? valuesOf(points, color) : {}),
        }
      : { mode: "lines+markers", line: { color, width: 2, dash: dashes[i % dashes.length] } }),
    name: label(name),
    x: points.map(({ x }) => x),
    y,
    marker: { color, size: isApart(points) ? 8 : 6 },
    customdata: points.map(({ interval: [low, high], overSeeds }) => {
      const seeds = overSeeds === undefined ? "" : `<br>seeds ± ${(100 * overSeeds).toFixed(2)}`;
      return `[${(100 * low).toFixed(2)}, ${(100 * high).toFixed(2)}]${seeds}`;
    }),
    cliponaxis: false,
    hovertemplate: `<b>${shortLabel(name)}</b><br>${shortLabel(xLabel)}: %{x}<br>ROCAUC %{y:.2f} % %{customdata}<extra></extra>`,
  };
}

/** The value of each point, beside its mark. */
function valuesOf(points: Points, color: string): object {
  return {
    text: points.map(({ value }) => ` ${percent(value)}`),
    textposition: "middle right",
    textfont: { size: labelSize, color: wordColor(color) },
  };
}

function mark(reference: ReferenceArea): object {
  const name = referenceName(reference);
  return {
    type: "scatter",
    mode: "markers",
    name: label(name),
    x: [0.985],
    y: [100 * reference.value],
    xaxis: "x2",
    marker: { symbol: "diamond-open", size: 10, color: colors.text, line: { width: 2 } },
    cliponaxis: false,
    hovertemplate: `${shortLabel(name)}<br>ROCAUC %{y:.1f} %<extra></extra>`,
  };
}

function level(y: number): object {
  const dotted = { color: colors.axis, width: 1, dash: "dot" };
  return { type: "line", layer: "below", x0: 0, x1: 1, xref: "paper", y0: y, y1: y, line: dotted };
}

function summary({ name, points }: CurveResult["curves"][number]): string {
  return `${name} ${points.map(({ x, value }) => `${percent(value)} at ${x}`).join(", ")}`;
}
