import { checkOptions, oneOf } from "../core/options.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import { Figure } from "./figure.js";
import { chooseBins, countInBins, median, outline } from "./histogram.js";
import { label } from "./label.js";
import { type FigureOptions, figureOptionKeys, frame } from "./layout.js";
import { formatCount, formatNumber } from "./number-format.js";
import { finiteScores, type ScoreInput, scoreDescription, truthOf } from "./score-input.js";
import { spread } from "./spread.js";
import { textWidth } from "./static/fonts.js";
import { colors, translucent, wordColor } from "./theme.js";

/** Options of `plotScores`. */
export interface PlotScoresOptions extends FigureOptions {
  /**
   * What the heights are: "share" = percent of the images of the same kind, "count" = number of images.
   * Default "share" when there are two kinds, else "count".
   */
  readonly heights?: "share" | "count";
  /** A score above which an image is called anomalous, drawn as a line. */
  readonly threshold?: number;
}

interface Kind {
  readonly name: string;
  readonly color: string;
  readonly values: readonly number[];
}

/**
 * The distribution of anomaly scores: normal images and anomalies in the same bins.
 *
 * @param scores - one finite score an image, larger = more anomalous
 * @param isAnomaly - for each image whether it is an anomaly; undefined = not known
 * @param options - see PlotScoresOptions
 * @returns the figure
 * @throws RangeError when there is no score, a score is not finite, or scores and truth are not equally many
 */
export function plotScores(
  scores: ScoreInput,
  isAnomaly?: AnomalyLabels,
  options: PlotScoresOptions = {},
): Figure {
  checkOptions("plotScores", options, [...figureOptionKeys, "heights", "threshold"]);
  const { threshold, title = "Anomaly scores" } = options;
  const values = finiteScores("plotScores", scores);
  const kinds = kindsOf(values, isAnomaly);
  const heights = oneOf("heights", options.heights ?? (kinds.length > 1 ? "share" : "count"), [
    "share",
    "count",
  ]);
  const { edges, beyond } = chooseBins(values);
  const range = [edges[0], edges[edges.length - 1]];
  const bars = kinds.map((kind) => binned(kind, edges, heights));
  const { size, heading, innerWidth } = frame(options, { title, body: 360 });
  const description = scoreDescription(scores);
  const summary = kinds.map((kind) => `${kind.name}: ${about(kind)}`).join("; ");
  return new Figure(
    bars.flatMap((one) => traces(one, edges)),
    {
      ...size,
      xaxis: { title: { text: label(`${capital(description)} (larger = more anomalous)`) }, range },
      yaxis: {
        title: { text: heights === "count" ? "Images" : "Images (% of each kind)" },
        range: [0, 1.04 * Math.max(...bars.flatMap((one) => one.heights))],
        domain: [0, plotShare],
      },
      annotations: [
        ...heading,
        ...kindLabels(kinds, range, innerWidth),
        ...(beyond > 0 ? [beyondLabel(beyond, range[1])] : []),
        ...(threshold === undefined ? [] : [thresholdLabel(threshold, range)]),
      ],
      shapes: threshold === undefined ? [] : [thresholdLine(threshold)],
    },
    `${title}: ${description}; ${summary}`,
  );
}

/** The axes end here, so that the labels above them have a place of their own. */
const plotShare = 0.86;
const labelSize = 12.5;

function kindsOf(values: readonly number[], isAnomaly: AnomalyLabels | undefined): Kind[] {
  if (!isAnomaly) return [{ name: "all images", color: colors.unlabelled, values }];
  const truth = truthOf(values.length, isAnomaly);
  return [
    { name: "normal", color: colors.normal, values: values.filter((_, i) => !truth[i]) },
    { name: "anomaly", color: colors.anomaly, values: values.filter((_, i) => truth[i]) },
  ].filter((kind) => kind.values.length > 0);
}

interface Binned {
  readonly kind: Kind;
  readonly counts: readonly number[];
  readonly heights: readonly number[];
}

function binned(kind: Kind, edges: readonly number[], heights: "share" | "count"): Binned {
  const counts = countInBins(kind.values, edges);
  const factor = heights === "share" ? 100 / kind.values.length : 1;
  return { kind, counts, heights: counts.map((count) => count * factor) };
}

function traces({ kind, counts, heights }: Binned, edges: readonly number[]): object[] {
  const percent = (count: number) => ((100 * count) / kind.values.length).toFixed(1);
  return [
    {
      type: "scatter",
      mode: "lines",
      name: kind.name,
      ...outline(edges, heights),
      fill: "tozeroy",
      fillcolor: translucent(kind.color, 0.22),
      line: { color: kind.color, width: 1.75 },
      hoverinfo: "skip",
    },
    {
      type: "scatter",
      mode: "markers",
      x: counts.map((_, i) => (edges[i] + edges[i + 1]) / 2),
      y: heights,
      marker: { color: kind.color, size: 8, opacity: 0 },
      hovertext: counts.map(
        (count, i) =>
          `${kind.name}, ${formatNumber(edges[i])} to ${formatNumber(edges[i + 1])}<br>` +
          `${formatCount(count, "image")} (${percent(count)} %)`,
      ),
      hoverinfo: "text",
    },
  ];
}

function about(kind: Kind): string {
  return `${formatCount(kind.values.length, "image")}, median ${formatNumber(median(kind.values))}`;
}

function kindLabels(kinds: readonly Kind[], range: readonly number[], width: number): object[] {
  const lines = kinds.map((kind) => [kind.name, about(kind)]);
  const widest = Math.max(...lines.flat().map((line) => textWidth(line, labelSize, "bold")));
  const pixels = (value: number) => ((value - range[0]) / (range[1] - range[0])) * width;
  const wanted = kinds.map((kind) => pixels(median(kind.values)));
  const placed = spread(wanted, widest + 16, widest / 2 + 4, width - widest / 2 - 4);
  return kinds.map((kind, i) => ({
    x: placed[i] / width,
    xref: "paper",
    xanchor: "center",
    y: plotShare,
    yref: "paper",
    yanchor: "bottom",
    yshift: 4,
    text: `<b>${lines[i][0]}</b><br>${lines[i][1]}`,
    font: { color: wordColor(kind.color), size: labelSize },
  }));
}

function beyondLabel(count: number, end: number): object {
  return {
    x: 1,
    xref: "paper",
    xanchor: "right",
    y: 0,
    yref: "paper",
    yanchor: "bottom",
    yshift: 22,
    text: `last bin: with ${formatCount(count, "image")} above ${formatNumber(end)}`,
    font: { color: colors.quiet, size: 11.5 },
    bgcolor: translucent(colors.paper, 0.8),
  };
}

function thresholdLine(threshold: number): object {
  return {
    type: "line",
    x0: threshold,
    x1: threshold,
    y0: 0,
    y1: plotShare,
    yref: "paper",
    line: { color: colors.ink, width: 1.5, dash: "dash" },
  };
}

function thresholdLabel(threshold: number, range: readonly number[]): object {
  const onLeft = threshold > (range[0] + range[1]) / 2;
  return {
    x: threshold,
    xanchor: onLeft ? "right" : "left",
    xshift: onLeft ? -4 : 4,
    y: plotShare,
    yref: "paper",
    yanchor: "top",
    text: `threshold ${formatNumber(threshold)}`,
    font: { color: colors.ink, size: 12 },
    bgcolor: translucent(colors.paper, 0.8),
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
