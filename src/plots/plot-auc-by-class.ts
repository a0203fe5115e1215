import { checkOptions } from "../core/options.js";
import type { ClassFigures, Interval } from "../protocols/class-figures.js";
import { Figure } from "./figure.js";
import { labelSize } from "./interval-curves.js";
import { label, shortLabel } from "./label.js";
import { type FigureOptions, figureOptionKeys, frame } from "./layout.js";
import { type ReferenceArea, referenceName } from "./plot-auc-curves.js";
import { fitText, textWidth } from "./static/fonts.js";
import { colors, series, symbols, translucent, wordColor } from "./theme.js";

/** Figures of a method, class by class. */
export interface NamedFigures {
  /** Name of the method or setting. */
  readonly name: string;
  /** Its figures, of the same classes as the first. */
  readonly figures: ClassFigures;
}

/** Options of `plotAucByClass`. */
export interface PlotAucByClassOptions extends FigureOptions {
  /** Name of the first figures among several. */
  readonly name?: string;
  /** Further methods. */
  readonly compare?: readonly NamedFigures[];
  /** Figures from elsewhere to compare the mean with, for example published ones: diamonds below the mean. */
  readonly references?: readonly ReferenceArea[];
}

/**
 * ROCAUC class by class: a mark for each figure, a bar for its 95 % interval, the mean below, and figures from elsewhere under
 * it.
 *
 * @param figures - as `unimodal` and `multimodal` return them
 * @param options - see PlotAucByClassOptions
 * @returns the figure
 * @throws RangeError when there is no class, or a compared method has others
 */
export function plotAucByClass(figures: ClassFigures, options: PlotAucByClassOptions = {}): Figure {
  checkOptions("plotAucByClass", options, [...figureOptionKeys, "name", "compare", "references"]);
  const { name = "these features", compare = [], references = [], title = "ROCAUC by class" } = options;
  const methods = [{ name, figures }, ...compare];
  const classes = figures.perClass.map((one) => one.class);
  if (classes.length === 0) throw new RangeError("plotAucByClass needs at least one class; got none");
  for (const one of compare) {
    const others = one.figures.perClass.map((result) => result.class);
    if (others.join("\n") !== classes.join("\n")) {
      throw new RangeError(
        `${one.name} must have the same classes as the first figures; got ${others.join(", ")}`,
      );
    }
  }
  const step = 18 * methods.length + 8;
  const rowNames = [...classes, "mean", ...references.map(referenceName)].map((text) =>
    fitText(text, nameRoom, labelSize, { keep: "start" }),
  );
  const rowAt = rowNames.map((_, row) => step * (row + 0.5) + (row >= classes.length ? gap : 0));
  const height = rowAt[rowAt.length - 1] + step / 2;
  const tails = methods.map((method) => (methods.length > 1 ? ` ${method.name}` : ""));
  const margin = {
    l: 16 + Math.max(...rowNames.map((text) => textWidth(text, labelSize))),
    r: 54 + Math.max(...tails.map((text) => textWidth(fitText(text, nameRoom, labelSize), labelSize))),
    b: bottom,
  };
  const { size, heading } = frame(options, { title, body: height + bottom, margin });
  const lines = methods.map((method, m) => {
    const { perClass, mean, interval } = method.figures;
    const all = [...perClass, { class: "mean", value: mean, interval }];
    const shift = 18 * (m - (methods.length - 1) / 2);
    return { ...method, tail: tails[m], points: all.map((one, row) => ({ ...one, y: rowAt[row] + shift })) };
  });
  const x = xRange([
    ...lines.flatMap(({ points }) => points.flatMap((one) => one.interval)),
    ...references.map(({ value }) => value),
  ]);
  const divider = rowAt[classes.length] - step / 2 - gap / 2;
  return new Figure(
    [...lines.map(marks), ...referenceMarks(references, rowAt.slice(classes.length + 1))],
    {
      ...size,
      xaxis: { title: { text: "ROCAUC (%)" }, range: x, showgrid: true },
      yaxis: {
        range: [height, 0],
        tickvals: rowAt,
        ticktext: rowNames.map((text, row) =>
          row === classes.length ? `<b>${label(text)}</b>` : label(text),
        ),
        tickfont: { size: labelSize, color: colors.text },
        ticks: "",
        showgrid: false,
        automargin: false,
      },
      annotations: [
        ...heading,
        ...lines.flatMap(({ points, tail }, m) =>
          points.map(({ value, interval, y }, row) =>
            valueLabel(value, Math.max(value, interval[1]), y, series[m], row === classes.length ? tail : ""),
          ),
        ),
        ...references.map(({ value }, i) =>
          valueLabel(value, value, rowAt[classes.length + 1 + i], colors.text, ""),
        ),
      ],
      shapes: [
        ...lines.flatMap(({ points }, m) => points.map(({ interval, y }) => bar(interval, y, series[m]))),
        rule({ x0: 0, x1: 1, xref: "paper", y0: divider, y1: divider }),
        ...(x[0] < 50 ? [rule({ x0: 50, x1: 50, y0: 0, y1: 1, yref: "paper" })] : []),
      ],
    },
    `${title}: ${lines.map((one) => summary(one.name, one.figures, methods.length > 1)).join("; ")}${references
      .map((one) => `; ${referenceName(one)} ${(100 * one.value).toFixed(1)}`)
      .join("")}`,
  );
}

const nameRoom = 250;
const gap = 10;
const bottom = 56;

interface Line extends NamedFigures {
  readonly points: readonly {
    readonly class: string;
    readonly value: number;
    readonly interval: Interval;
    readonly y: number;
  }[];
}

function xRange(fractions: readonly number[]): [number, number] {
  const [low, high] = [100 * Math.min(...fractions), 100 * Math.max(...fractions)];
  const room = Math.max(1, 0.06 * (high - low));
  return [Math.max(0, low - room), Math.min(101, high + room)];
}

function marks({ name, points }: Line, m: number): object {
  return {
    type: "scatter",
    mode: "markers",
    name: label(name),
    x: points.map(({ value }) => 100 * value),
    y: points.map(({ y }) => y),
    marker: {
      color: series[m % series.length],
      size: points.map((_, row) => (row === points.length - 1 ? 11 : 8)),
      symbol: symbols[m % symbols.length],
    },
    customdata: points.map(
      ({ interval: [low, high], ...one }) =>
        `${shortLabel(one.class)}<br>ROCAUC ${(100 * one.value).toFixed(2)} % [${(100 * low).toFixed(2)}, ${(100 * high).toFixed(2)}]`,
    ),
    cliponaxis: false,
    hovertemplate: `<b>${shortLabel(name)}</b><br>%{customdata}<extra></extra>`,
  };
}

function referenceMarks(references: readonly ReferenceArea[], y: readonly number[]): object[] {
  if (references.length === 0) return [];
  return [
    {
      type: "scatter",
      mode: "markers",
      x: references.map(({ value }) => 100 * value),
      y,
      marker: { symbol: "diamond-open", size: 10, color: colors.text, line: { width: 2 } },
      cliponaxis: false,
      hovertemplate: "%{x:.1f} %<extra></extra>",
    },
  ];
}

function bar([low, high]: Interval, y: number, color: string): object {
  const line = { width: 0 };
  return {
    type: "rect",
    layer: "below",
    x0: 100 * low,
    x1: 100 * high,
    y0: y - 6,
    y1: y + 6,
    fillcolor: translucent(color, 0.22),
    line,
  };
}

function rule(place: object): object {
  return { type: "line", layer: "below", line: { color: colors.axis, width: 1, dash: "dot" }, ...place };
}

function valueLabel(value: number, right: number, y: number, color: string, tail: string): object {
  return {
    text: label(`${(100 * value).toFixed(1)}${fitText(tail, nameRoom, labelSize)}`),
    x: 100 * right,
    xanchor: "left",
    xshift: 8,
    y,
    yanchor: "middle",
    font: { size: labelSize, color: wordColor(color) },
  };
}

function summary(name: string, { mean, perClass }: ClassFigures, several: boolean): string {
  const each = perClass.map((one) => `${one.class} ${(100 * one.value).toFixed(1)}`).join(", ");
  return `${several ? `${name}: ` : ""}${each}; mean ${(100 * mean).toFixed(1)}`;
}
