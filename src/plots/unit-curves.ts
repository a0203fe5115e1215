import { type Corner, curveLegend } from "./curve-legend.js";
import { Figure } from "./figure.js";
import { band as intervalBand } from "./interval-curves.js";
import { label, shortLabel } from "./label.js";
import { type FigureOptions, frame } from "./layout.js";
import { formatNumber } from "./number-format.js";
import { simplifyCurve } from "./simplify.js";
import { colors, dashes, series, translucent } from "./theme.js";

/** A curve in the unit square, for example a ROC curve. */
export interface UnitCurve {
  /** Name among several curves. */
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Score from which on an image counts as anomalous at each point. */
  readonly threshold: ArrayLike<number>;
  /** The one number that sums the curve up. */
  readonly value: number;
  /** Ends of the 95 % interval of this number. */
  readonly interval?: readonly [low: number, high: number];
}

/** A 95 % interval of y at each of some x. */
export interface UnitBand {
  readonly x: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

/** What a figure of curves in the unit square shows. */
export interface UnitFigure {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** What x and y are called in hover texts. */
  readonly names: readonly [x: string, y: string];
  /** What the curves' value is called. */
  readonly valueName: string;
  /** Unit of the values where they are shown, default none: fractions. */
  readonly valueUnit?: "%";
  /** Height of the line of chance at the left and at the right, and its label. */
  readonly chance: { readonly y: readonly [number, number]; readonly label: object };
  /** How the line goes from point to point where there are few. */
  readonly shape: "linear" | "vh";
  /** About a single curve, instead of the filled area under it. */
  readonly band?: UnitBand;
  /** Corners in which labels may stand, the preferred one first. */
  readonly corners: readonly Corner[];
}

const side = 392;
const fewPoints = 150;
/** Room for half the width of a line that runs along an edge. */
const lineRoom = 1.5 / side;
const margin = { l: 68, r: 28, b: 58 };

/**
 * Draws curves in the unit square with their values as labels beside line samples.
 *
 * @param curves - at least one curve
 * @param about - what the figure shows
 * @param options - title and size
 * @returns the figure
 */
export function unitCurveFigure(
  curves: readonly UnitCurve[],
  about: UnitFigure,
  options: FigureOptions,
): Figure {
  const { title = about.title } = options;
  const width = margin.l + side + margin.r;
  const body = side + margin.b;
  const { size, heading, innerWidth, innerHeight } = frame(options, { title, width, body, margin });
  const written = (value: number) => (about.valueUnit ? (100 * value).toFixed(1) : value.toFixed(3));
  const rows = curves.map(({ name, value, interval }) => ({
    name,
    value: written(value),
    interval: interval?.map(written),
  }));
  const unit = about.valueUnit ? ` ${about.valueUnit}` : "";
  const legend = curveLegend({
    valueName: about.valueName,
    valueUnit: about.valueUnit,
    rows,
    points: curves.flatMap(samples),
    corners: about.corners,
    width: innerWidth,
    height: innerHeight,
  });
  const axis = { range: [-lineRoom, 1 + lineRoom], tickvals: [0, 0.2, 0.4, 0.6, 0.8, 1] };
  return new Figure(
    [
      ...bandTraces(about),
      chanceTrace(about),
      ...curves.map((curve, i) => curveTrace(curve, i, curves.length, about)),
    ],
    {
      ...size,
      xaxis: { ...axis, title: { text: about.xTitle } },
      yaxis: { ...axis, title: { text: about.yTitle } },
      annotations: [...heading, about.chance.label, ...legend.annotations],
      shapes: legend.shapes,
    },
    `${title}: ${about.valueName} ${rows
      .map(({ value, name }) => (rows.length > 1 ? `${value}${unit} (${name})` : `${value}${unit}`))
      .join(", ")}`,
  );
}

function samples({ x, y }: UnitCurve): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 1; i < x.length; i++) {
    const steps = Math.max(1, Math.ceil(50 * Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1])));
    for (let step = 1; step <= steps; step++) {
      const t = step / steps;
      points.push([x[i - 1] + t * (x[i] - x[i - 1]), y[i - 1] + t * (y[i] - y[i - 1])]);
    }
  }
  return points;
}

function chanceTrace({ chance }: UnitFigure): object {
  const line = { color: colors.axis, width: 1.25, dash: "dot" };
  return { type: "scatter", mode: "lines", x: [0, 1], y: chance.y, line, hoverinfo: "skip" };
}

function bandTraces({ band }: UnitFigure): object[] {
  if (!band) return [];
  return [intervalBand(Array.from(band.x), { low: Array.from(band.low), high: Array.from(band.high) }, 0)];
}

function curveTrace(curve: UnitCurve, i: number, count: number, about: UnitFigure): object {
  const few = curve.x.length <= fewPoints;
  const kept = few ? Array.from(curve.x, (_, at) => at) : simplifyCurve(curve.x, curve.y, 0.5 / side);
  const pick = (values: ArrayLike<number>) => kept.map((at) => values[at]);
  const heading = count > 1 ? `<b>${shortLabel(curve.name)}</b><br>` : "";
  const dash = dashes[i % dashes.length];
  return {
    type: "scatter",
    mode: "lines",
    name: label(curve.name),
    x: pick(curve.x),
    y: pick(curve.y),
    line: { color: series[i % series.length], width: 2.25, dash, shape: few ? about.shape : "linear" },
    ...(count === 1 && !about.band ? { fill: "tozeroy", fillcolor: translucent(series[0], 0.08) } : {}),
    customdata: pick(curve.threshold).map((value) =>
      Number.isFinite(value) ? formatNumber(value, 4) : "none",
    ),
    hovertemplate:
      `${heading}${about.names[0]} %{x:.3f}<br>${about.names[1]} %{y:.3f}<br>` +
      "threshold %{customdata}<extra></extra>",
  };
}
