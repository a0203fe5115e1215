import { checkOptions } from "../core/options.js";
import type { CurveResult } from "../protocols/curves.js";
import { Figure } from "./figure.js";
import { roundStep } from "./histogram.js";
import { band, endLabels, labelSize, numberAxis } from "./interval-curves.js";
import { label, shortLabel } from "./label.js";
import { type FigureOptions, figureOptionKeys, frame } from "./layout.js";
import { fitText, textWidth } from "./static/fonts.js";
import { colors, dashes, series } from "./theme.js";

/** A figure from elsewhere to compare with, for example a published one. */
export interface ReferenceArea {
  /** What it is, and whether it was checked where it stands. */
  readonly name: string;
  /** ROCAUC as a fraction. */
  readonly value: number;
}

/** Options of `plotAucCurves`. */
export interface PlotAucCurvesOptions extends FigureOptions {
  /** Figures from elsewhere, drawn as diamonds at the right with a thin line. */
  readonly references?: readonly ReferenceArea[];
}

/**
 * The curves of an experiment that varies something: mean ROCAUC with its 95 % interval as a band, each curve named at its
 * end.
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
  const lasts = curves.map(({ points }) => points[points.length - 1].value);
  const named = [...curves.map(({ name }, i) => ({ name, value: lasts[i] })), ...references];
  const names = named.map(({ name, value }) =>
    fitText(`${percent(value)} ${name}`, nameRoom, labelSize, { keep: "start" }),
  );
  const r = 20 + Math.max(...names.map((text) => textWidth(text, labelSize)));
  const { size, heading, innerHeight } = frame(options, { title, margin: { r } });
  const y = yRange([
    ...curves.flatMap(({ points }) => points.flatMap(({ interval }) => interval)),
    ...references.map(({ value }) => value),
  ]);
  const tones = [...curves.map((_, i) => series[i % series.length]), ...references.map(() => colors.text)];
  return new Figure(
    [
      ...curves.map(({ points }, i) =>
        band(
          points.map(({ x }) => x),
          ends(points),
          i,
        ),
      ),
      ...curves.map((curve, i) => line(curve, i, result.xLabel)),
      ...references.map(mark),
    ],
    {
      ...size,
      xaxis: {
        ...axisOf(curves.flatMap(({ points }) => points.map(({ x }) => x))),
        title: { text: label(result.xLabel) },
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
    `${title}: ${[...curves.map(summary), ...references.map(({ name, value }) => `${name} ${percent(value)}`)].join("; ")}`,
  );
}

const nameRoom = 250;
/** A narrower axis would make noise look like a trend. */
const smallestSpan = 5;

type Points = CurveResult["curves"][number]["points"];

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

function axisOf(x: readonly (number | string)[]): object {
  const numbers = x.filter((one) => typeof one === "number");
  if (numbers.length < x.length) return { type: "category", range: [-0.3, new Set(x).size - 0.7] };
  if (Math.min(...numbers) > 0) return numberAxis(numbers);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const room = 0.02 * (high - low || 1);
  return { type: "linear", range: [low - room, high + room] };
}

function line({ name, points }: CurveResult["curves"][number], i: number, xLabel: string): object {
  const color = series[i % series.length];
  return {
    type: "scatter",
    mode: "lines+markers",
    name: label(name),
    x: points.map(({ x }) => x),
    y: points.map(({ value }) => 100 * value),
    line: { color, width: 2, dash: dashes[i % dashes.length] },
    marker: { color, size: 6 },
    customdata: points.map(({ interval: [low, high], overSeeds }) => {
      const seeds = overSeeds === undefined ? "" : `<br>seeds ± ${(100 * overSeeds).toFixed(2)}`;
      return `[${(100 * low).toFixed(2)}, ${(100 * high).toFixed(2)}]${seeds}`;
    }),
    cliponaxis: false,
    hovertemplate: `<b>${shortLabel(name)}</b><br>${shortLabel(xLabel)}: %{x}<br>ROCAUC %{y:.2f} % %{customdata}<extra></extra>`,
  };
}

function mark({ name, value }: ReferenceArea): object {
  return {
    type: "scatter",
    mode: "markers",
    name: label(name),
    x: [0.985],
    y: [100 * value],
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
