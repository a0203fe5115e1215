import type { LearningCurve } from "../distillation/own-extractor/learning-curve.js";
import { Figure } from "./figure.js";
import { label } from "./label.js";
import { frame } from "./layout.js";
import { colors, dashes, series } from "./theme.js";

/** Share of the width that each of the two plots takes. */
const plotShare = 0.44;

/**
 * How a training goes: on the left the loss by epoch, on the right how well the scores of held-out images agree with the teacher's,
 * and ROCAUC beside the teacher's where the images have classes.
 *
 * @param curve - the curve, finished or not
 * @returns the figure
 */
export function plotLearningCurve(curve: LearningCurve): Figure {
  const { title, epochs, points, teacherRocAuc } = curve;
  const losses = points.filter(({ loss }) => loss !== undefined);
  const measured = points.flatMap(({ epoch, measured }) => (measured ? [{ epoch, ...measured }] : []));
  const last = points.at(-1);
  const { size, heading } = frame(
    {},
    { title, subtitle: `epoch ${last?.epoch ?? 0} of ${epochs}`, body: 260, margin: { b: 52, r: 30 } },
  );
  const lines = [
    { name: "rank correlation", values: measured.map((one) => one.rankCorrelation) },
    ...(teacherRocAuc === undefined
      ? []
      : [{ name: "ROC AUC", values: measured.map((one) => one.rocAuc ?? null) }]),
  ];
  const level = teacherRocAuc === undefined ? [] : [teacherRocAuc];
  const all = [...lines.flatMap(({ values }) => values), ...level].filter((value) => value !== null);
  const [low, high] = [Math.min(...all, 0.99), Math.max(...all, 0)];
  const room = Math.max(0.02, 0.12 * (high - low));
  const range = [low - room, Math.min(1.01, high + 2.2 * room)];
  const x = { title: { text: "epoch" }, range: [-0.02 * epochs, 1.02 * epochs], rangemode: "tozero" };
  return new Figure(
    [
      {
        type: "scatter",
        mode: losses.length > 1 ? "lines" : "markers",
        name: "loss",
        x: losses.map(({ epoch }) => epoch),
        y: losses.map(({ loss }) => loss),
        line: { color: colors.text, width: 2 },
        hovertemplate: "epoch %{x}: %{y:.3f}<extra></extra>",
      },
      ...lines.map(({ name, values }, i) => ({
        type: "scatter",
        mode: "lines+markers",
        name,
        x: measured.map(({ epoch }) => epoch),
        y: values,
        xaxis: "x2",
        yaxis: "y2",
        line: { color: series[i], width: 2, dash: dashes[i] },
        marker: { size: 5 },
        hovertemplate: `epoch %{x}: %{y:.4f}<extra>${label(name)}</extra>`,
      })),
    ],
    {
      ...size,
      xaxis: { ...x, domain: [0, plotShare] },
      yaxis: { title: { text: "loss (unexplained variance)" }, rangemode: "tozero" },
      xaxis2: { ...x, domain: [1 - plotShare, 1], showgrid: false, anchor: "y2" },
      yaxis2: { anchor: "x2", range, nticks: 6 },
      annotations: [
        ...heading,
        ...lines.map(({ name, values }, i) => legendLine(name, values.at(-1) ?? undefined, i)),
        ...level.map((value) => ({
          text: `teacher ${value.toFixed(3)}`,
          x: 0.5,
          xref: "x2 domain",
          xanchor: "center",
          y: value,
          yref: "y2",
          yanchor: "bottom",
          font: { color: series[1] },
        })),
      ],
      shapes: level.map((value) => ({
        type: "line",
        xref: "x2 domain",
        yref: "y2",
        x0: 0,
        x1: 1,
        y0: value,
        y1: value,
        line: { color: series[1], width: 1, dash: "dot" },
      })),
    },
    `${String(curve)}${teacherRocAuc === undefined ? "" : `; ROC AUC of the teacher ${teacherRocAuc.toFixed(3)}`}`,
  );
}

function legendLine(name: string, value: number | undefined, row: number): object {
  return {
    text: `${label(name)}${value === undefined ? "" : ` ${value.toFixed(3)}`}`,
    x: 0.02,
    xref: "x2 domain",
    xanchor: "left",
    y: 1 - 0.08 * row,
    yref: "y2 domain",
    yanchor: "top",
    font: { color: series[row] },
  };
}
