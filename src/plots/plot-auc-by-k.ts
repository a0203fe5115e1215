import { checkOptions, integerIn } from "../core/options.js";
import { Figure } from "./figure.js";
import { roundStep } from "./histogram.js";
import { band, endLabels, endLabelWidth, labelSize, numberAxis } from "./interval-curves.js";
import { label, shortLabel } from "./label.js";
import { type FigureOptions, figureOptionKeys, frame } from "./layout.js";
import { fitText } from "./static/fonts.js";
import { colors, dashes, series, translucent } from "./theme.js";

/** ROCAUC for several k. */
export interface AucCurve {
  /** Name of the method or data. */
  readonly name: string;
  /** ROCAUC as fractions; position k - 1 belongs to k, or as `k` says. */
  readonly areas: ArrayLike<number>;
  /** The k of each area, ascending; default 1, 2, 3, ... */
  readonly k?: ArrayLike<number>;
  /** Lower and upper ends of an interval for each area, drawn as a band. */
  readonly interval?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> };
}

/** Options of `plotAucByK`. */
export interface PlotAucByKOptions extends FigureOptions, Partial<Omit<AucCurve, "areas">> {
  /** Further curves. */
  readonly compare?: readonly AucCurve[];
  /** The k to mark with its value of every curve, default 2 where there is one; 0 = none. */
  readonly mark?: number;
}

/** A curve in percent. */
interface Line {
  readonly name: string;
  readonly k: readonly number[];
  readonly areas: readonly number[];
  readonly interval?: { readonly low: readonly number[]; readonly high: readonly number[] };
}

/**
 * ROCAUC against the number of neighbors.
 *
 * @param areas - ROCAUC as fractions, as `rocAucByK` gives them: position k - 1 belongs to k
 * @param options - see PlotAucByKOptions
 * @returns the figure
 * @throws RangeError when there is no area, or k, areas and intervals are not equally many
 */
export function plotAucByK(areas: ArrayLike<number>, options: PlotAucByKOptions = {}): Figure {
  checkOptions("plotAucByK", options, [...figureOptionKeys, "name", "k", "interval", "compare", "mark"]);
  const { name = "these scores", k, interval, compare = [], title = "ROCAUC against k" } = options;
  const lines = [{ name, areas, k, interval }, ...compare].map(checked);
  const allK = lines.flatMap((line) => line.k);
  const mark = integerIn("k to mark", options.mark ?? (allK.includes(2) ? 2 : 0), 0, Number.MAX_SAFE_INTEGER);
  const several = lines.length > 1;
  const values = lines.map((line) => line.areas[line.k.indexOf(mark)]?.toFixed(1));
  const names = lines.map(({ name }, i) => ({
    value: values[i],
    name: fitText(name, nameRoom, labelSize),
  }));
  const r = several ? 20 + Math.max(...names.map(endLabelWidth)) : 24;
  const { size, heading, innerHeight } = frame(options, { title, margin: { r } });
  const y = yRange(lines);
  const x = numberAxis(allK);
  const dtick = roundStep((y[1] - y[0]) / 6);
  const isMarked = allK.includes(mark);
  const markText = several || !values[0] ? `k = ${mark}` : `k = ${mark}: ${values[0]} %`;
  return new Figure(
    [
      ...lines.flatMap(({ k, interval }, i) => (interval ? [band(k, interval, i)] : [])),
      ...lines.map((line, i) => trace(line, i)),
    ],
    {
      ...size,
      xaxis: { ...x, title: { text: "k (nearest normal images behind each score)" } },
      yaxis: { title: { text: "ROCAUC (%)" }, range: y, dtick },
      annotations: [
        ...heading,
        ...(several
          ? endLabels(
              names,
              lines.map(({ areas }) => areas[areas.length - 1]),
              y,
              innerHeight,
            )
          : []),
        ...(isMarked ? [markLabel(markText, mark, x.type === "log")] : []),
      ],
      shapes: isMarked ? [markLine(mark)] : [],
    },
    `${title}: ${lines.map((line) => summary(line, several)).join("; ")}`,
  );
}

const nameRoom = 190;
/** A narrower axis would make noise look like a trend. */
const smallestSpan = 10;

function checked(curve: AucCurve): Line {
  checkOptions("plotAucByK, compare", curve, ["name", "areas", "k", "interval"]);
  const areas = Array.from(curve.areas);
  const k = curve.k ? Array.from(curve.k) : areas.map((_, i) => i + 1);
  const { low, high } = curve.interval ?? { low: areas, high: areas };
  if (areas.length === 0) throw new RangeError(`${curve.name} needs at least one area; got none`);
  if (![k, low, high].every((list) => list.length === areas.length)) {
    throw new RangeError(
      `${curve.name} needs one k and one interval an area; got ${areas.length} areas, ${k.length} k and ${low.length} intervals`,
    );
  }
  const percent = (fractions: ArrayLike<number>) => Array.from(fractions, (value) => 100 * value);
  const interval = curve.interval && { low: percent(low), high: percent(high) };
  return { name: curve.name, k, areas: percent(areas), interval };
}

function yRange(lines: readonly Line[]): [number, number] {
  const all = lines.flatMap((line) => [
    ...line.areas,
    ...(line.interval?.low ?? []),
    ...(line.interval?.high ?? []),
  ]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = Math.max(0.18 * (high - low), (smallestSpan - (high - low)) / 2);
  return [Math.max(0, low - room), Math.min(100, high + room)];
}

function trace(line: Line, i: number): object {
  const color = series[i % series.length];
  return {
    type: "scatter",
    mode: line.k.length <= 40 ? "lines+markers" : "lines",
    name: label(line.name),
    x: line.k,
    y: line.areas,
    line: { color, width: 2, dash: dashes[i % dashes.length] },
    marker: { color, size: 5 },
    cliponaxis: false,
    hovertemplate: `<b>${shortLabel(line.name)}</b><br>k = %{x}<br>ROCAUC %{y:.2f} %<extra></extra>`,
  };
}

function markLine(mark: number): object {
  const line = { color: colors.quiet, width: 1, dash: "dot" };
  return { type: "line", layer: "below", x0: mark, x1: mark, y0: 0, y1: 1, yref: "paper", line };
}

function markLabel(text: string, mark: number, log: boolean): object {
  return {
    text,
    x: log ? Math.log10(mark) : mark,
    xanchor: "left",
    xshift: 3,
    y: 1,
    yref: "paper",
    yanchor: "top",
    font: { size: labelSize, color: colors.text },
    bgcolor: translucent(colors.paper, 0.8),
  };
}

function summary({ name, k, areas }: Line, several: boolean): string {
  const last = k.length - 1;
  const ends = `${areas[0].toFixed(1)} % at k = ${k[0]}`;
  const text = last > 0 ? `${ends}, ${areas[last].toFixed(1)} % at k = ${k[last]}` : ends;
  return several ? `${name} ${text}` : text;
}
