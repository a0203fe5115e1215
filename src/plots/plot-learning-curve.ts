import type { LearningCurve } from "../distillation/own-extractor/learning-curve.js";
import { Figure } from "./figure.js";
import { label } from "./label.js";
import { frame } from "./layout.js";
import { colors, series, wordColor } from "./theme.js";

interface Panel {
  readonly title: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly color: string;
  /** A value to compare with, drawn as a line. */
  readonly level?: { readonly name: string; readonly value: number };
  /** Bounds that the axis does not leave. */
  readonly bounds: readonly [low: number, high: number];
  /** Digits behind the point, default 3. */
  readonly digits?: number;
}

const gap = 0.09;

/**
 * How a training goes, by epoch: the loss, how well the scores of held-out images agree with the teacher's, and ROCAUC beside
 * the teacher's where the images have classes.
 *
 * @param curve - the curve, finished or not
 * @returns the figure
 */
export function plotLearningCurve(curve: LearningCurve): Figure {
  const { title, epochs, points } = curve;
  const panels = panelsOf(curve);
  const { size, heading } = frame(
    {},
    {
      title,
      subtitle: `epoch ${points.at(-1)?.epoch ?? 0} of ${epochs}; agreement: rank correlation of held-out scores with the teacher's`,
      body: 250,
      margin: { l: 52, b: 52 },
    },
  );
  const width = (1 - gap * (panels.length - 1)) / panels.length;
  const axes = panels.map((panel, i): [string, object][] => [
    [
      `xaxis${i === 0 ? "" : i + 1}`,
      {
        anchor: `y${i === 0 ? "" : i + 1}`,
        title: { text: "epoch" },
        domain: [i * (width + gap), i * (width + gap) + width],
        range: [-0.03 * epochs, 1.03 * epochs],
        nticks: epochs < 1000 ? 6 : 3,
        tickangle: 0,
        exponentformat: "none",
        showgrid: false,
      },
    ],
    [
      `yaxis${i === 0 ? "" : i + 1}`,
      { anchor: `x${i === 0 ? "" : i + 1}`, range: rangeOf(panel), nticks: 6, automargin: false },
    ],
  ]);
  return new Figure(
    panels.map(({ title: name, x, y, color }, i) => ({
      type: "scatter",
      mode: x.length > 40 ? "lines" : "lines+markers",
      name,
      // axes without any point are not drawn
      x: x.length > 0 ? x : [0],
      y: y.length > 0 ? y : [null],
      xaxis: `x${i === 0 ? "" : i + 1}`,
      yaxis: `y${i === 0 ? "" : i + 1}`,
      line: { color, width: 2 },
      marker: { size: 5 },
      hovertemplate: "epoch %{x}: %{y:.4f}<extra></extra>",
    })),
    {
      ...size,
      ...Object.fromEntries(axes.flat()),
      annotations: [...heading, ...panels.flatMap((panel, i) => annotationsOf(panel, i * (width + gap), i))],
      shapes: panels.flatMap(({ level, color }, i) => (level ? [levelLine(level.value, color, i)] : [])),
    },
    `${String(curve)}${panels.flatMap(({ level }) => (level ? [`; ${level.name} ${level.value.toFixed(1)} %`] : [])).join("")}`,
  );
}

function panelsOf({ points, teacherRocAuc }: LearningCurve): Panel[] {
  const losses = points.filter(({ loss }) => loss !== undefined);
  const measured = points.filter((point) => point.measured !== undefined);
  const x = measured.map(({ epoch }) => epoch);
  const agreement: Panel = {
    title: "agreement",
    x,
    y: measured.map((point) => point.measured?.rankCorrelation ?? 0),
    color: series[0],
    bounds: [-1, 1],
  };
  const loss: Panel = {
    title: "loss",
    x: losses.map(({ epoch }) => epoch),
    y: losses.map((point) => point.loss ?? 0),
    color: colors.text,
    bounds: [0, Number.MAX_VALUE],
  };
  if (teacherRocAuc === undefined) return [loss, agreement];
  const rocAuc = {
    title: "ROCAUC (%)",
    x,
    y: measured.map((point) => 100 * (point.measured?.rocAuc ?? 0)),
    color: series[1],
    level: { name: "teacher", value: 100 * teacherRocAuc },
    bounds: [0, 100] as const,
    digits: 1,
  };
  return [loss, agreement, rocAuc];
}

/** A narrower axis would make noise look like a trend. */
const smallestSpan = 0.1;

function rangeOf({ y, level, bounds }: Panel): [number, number] {
  const whole = bounds[1] === 100 ? 100 : 1;
  const values = [...y, ...(level ? [level.value] : [])];
  if (values.length === 0) return [0, whole];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.12 * (high - low), (smallestSpan * whole - (high - low)) / 2);
  return [Math.max(bounds[0], low - room), Math.min(bounds[1] + 0.01 * whole, high + room)];
}

function annotationsOf({ title, y, color, level, digits = 3 }: Panel, left: number, i: number): object[] {
  const last = y.at(-1);
  const axis = i === 0 ? "" : i + 1;
  return [
    {
      text: `${label(title)}${last === undefined ? "" : ` <b>${last.toFixed(digits)}</b>`}`,
      x: left,
      xref: "paper",
      xanchor: "left",
      y: 1,
      yref: "paper",
      yanchor: "bottom",
      font: { color: wordColor(color) },
    },
    ...(level
      ? [
          {
            text: `${level.name} ${level.value.toFixed(digits)}`,
            x: 1,
            xref: `x${axis} domain`,
            xanchor: "right",
            y: level.value,
            yref: `y${axis}`,
            yanchor: last !== undefined && last > level.value ? "top" : "bottom",
            font: { color: wordColor(color), size: 11.5 },
          },
        ]
      : []),
  ];
}

function levelLine(value: number, color: string, i: number): object {
  const axis = i === 0 ? "" : i + 1;
  return {
    type: "line",
    xref: `x${axis} domain`,
    yref: `y${axis}`,
    x0: 0,
    x1: 1,
    y0: value,
    y1: value,
    line: { color, width: 1, dash: "dot" },
  };
}
