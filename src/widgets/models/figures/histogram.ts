import { chooseBins, countInBins, median, outline } from "../../../plots/histogram.js";
import { formatCount, formatNumber } from "../../../plots/number-format.js";
import { spread } from "../../../plots/spread.js";
import { translucent, wordColor } from "../../../plots/theme.js";
import type { Drag, FigureSpec } from "../../explorer-model.js";
import { innerWidth, layoutOf, markLine } from "./frame.js";

/** Scores of one kind of images. */
export interface ScoreKind {
  readonly name: string;
  readonly color: string;
  /** Float64Array of scores, in any order. */
  readonly values: Float64Array;
  /** The side of the threshold on which its images are judged wrongly. */
  readonly wrong?: "above" | "below";
}

/** A histogram of scores without the threshold. */
export interface ScoreHistogram {
  readonly kinds: readonly ScoreKind[];
  readonly edges: readonly number[];
  /** For each kind the heights of the bins. */
  readonly heights: readonly (readonly number[])[];
  readonly beyond: number;
  readonly traces: readonly object[];
  readonly layout: {
    readonly xTitle: string;
    readonly yTitle: string;
    readonly annotations: readonly object[];
  };
}

/** What a histogram with a threshold is called and says. */
export interface HistogramOptions {
  readonly name: string;
  readonly title: string;
  /** What stands at the line. */
  readonly mark: string;
  /** How the line is dragged. */
  readonly drag: Omit<Drag, "x">;
  readonly alt: string;
}

/** The axes end here, so that the labels above them have a place of their own. */
const plotShare = 0.88;

/**
 * @param kinds - scores by kind, at least one of them not empty
 * @param description - what a score is
 * @param noun - what a score belongs to
 * @returns bins and what does not depend on the threshold
 */
export function scoreHistogram(
  kinds: readonly ScoreKind[],
  description: string,
  noun = "image",
): ScoreHistogram {
  const { edges, beyond } = chooseBins(joined(kinds));
  const counts = kinds.map((kind) => countInBins(kind.values, edges));
  const shares = kinds.length > 1;
  const heights = counts.map((one, i) =>
    one.map((count) => (shares ? (100 * count) / Math.max(1, kinds[i].values.length) : count)),
  );
  return {
    kinds,
    edges,
    heights,
    beyond,
    traces: [
      ...kinds.map((kind, i) => {
        const corners = kind.values.length > 0 ? outline(edges, heights[i]) : { x: [], y: [] };
        return areaTrace(corners, kind.color, 0.18, 1.5);
      }),
      ...kinds.map((kind, i) => hoverTrace(kind, edges, counts[i], heights[i], noun)),
    ],
    layout: {
      xTitle: `Score: ${description}`,
      yTitle: `${noun === "image" ? "Images" : "Groups"}${shares ? " (% of each kind)" : ""}`,
      annotations: kindLabels(kinds, edges, noun),
    },
  };
}

/**
 * @param histogram - bins and traces
 * @param threshold - images with at least this score are called anomalous
 * @param options - what the figure is called and says
 * @returns the histogram with its threshold; errors on either side stand out
 */
export function histogramFigure(
  histogram: ScoreHistogram,
  threshold: number,
  options: HistogramOptions,
): FigureSpec {
  const { kinds, edges, heights, beyond, traces, layout } = histogram;
  const [low, high] = [edges[0], edges[edges.length - 1]];
  const x = Math.min(high, Math.max(low, threshold));
  const onLeft = x > (low + high) / 2;
  const wrong = kinds.map(({ color, wrong: side }, i) => {
    const part = side === "above" ? [x, high] : side === "below" ? [low, x] : [low, low];
    return areaTrace(cut(edges, heights[i], part[0], part[1]), color, 0.62, 0);
  });
  const top = { yref: "paper", y: plotShare, yanchor: "top" };
  return {
    name: options.name,
    data: [...traces, ...wrong],
    layout: layoutOf({
      title: options.title,
      ...layout,
      xaxis: { range: [low, high] },
      yaxis: { range: [0, 1.15 * Math.max(...heights.flat())], domain: [0, plotShare], nticks: 6 },
      annotations: [
        ...layout.annotations,
        {
          ...top,
          x,
          xanchor: onLeft ? "right" : "left",
          xshift: onLeft ? -3 : 3,
          text: `${options.mark}${threshold > high ? " →" : ""}`,
        },
        ...(beyond > 0
          ? [
              {
                ...top,
                x: 1,
                xref: "paper",
                xanchor: "right",
                yshift: -17,
                text: beyondText(beyond, high),
                font: { size: 11 },
              },
            ]
          : []),
      ],
      shapes: [{ type: "line", x0: x, x1: x, y0: 0, y1: plotShare, yref: "paper", line: markLine }],
    }),
    alt: options.alt,
    drag: { ...options.drag, x },
  };
}

function beyondText(count: number, end: number): string {
  return `last bin: with ${formatNumber(count)} above ${formatNumber(end)}`;
}

function joined(kinds: readonly ScoreKind[]): Float64Array {
  const all = new Float64Array(kinds.reduce((sum, kind) => sum + kind.values.length, 0));
  let offset = 0;
  for (const { values } of kinds) {
    all.set(values, offset);
    offset += values.length;
  }
  return all;
}

function areaTrace(
  corners: { x: number[]; y: number[] },
  color: string,
  opacity: number,
  width: number,
): object {
  return {
    type: "scatter",
    mode: "lines",
    ...corners,
    fill: "tozeroy",
    fillcolor: translucent(color, opacity),
    line: { color, width },
    hoverinfo: "skip",
  };
}

function hoverTrace(
  { name, color, values }: ScoreKind,
  edges: readonly number[],
  counts: readonly number[],
  heights: readonly number[],
  noun: string,
): object {
  return {
    type: "scatter",
    mode: "markers",
    x: counts.map((_, i) => (edges[i] + edges[i + 1]) / 2),
    y: heights,
    marker: { color, size: 8, opacity: 0 },
    hovertext: counts.map(
      (count, i) =>
        `${name}, ${formatNumber(edges[i])} to ${formatNumber(edges[i + 1])}<br>` +
        `${formatCount(count, noun)} (${((100 * count) / Math.max(1, values.length)).toFixed(1)} %)`,
    ),
    hoverinfo: "text",
  };
}

/** The part of a histogram between two places, as a polygon on the axis. */
function cut(
  edges: readonly number[],
  heights: readonly number[],
  from: number,
  to: number,
): { x: number[]; y: number[] } {
  const x = [from];
  const y = [0];
  heights.forEach((height, i) => {
    const [left, right] = [Math.max(from, edges[i]), Math.min(to, edges[i + 1])];
    if (left >= right) return;
    x.push(left, right);
    y.push(height, height);
  });
  return { x: [...x, to], y: [...y, 0] };
}

function kindLabels(kinds: readonly ScoreKind[], edges: readonly number[], noun: string): object[] {
  const [low, high] = [edges[0], edges[edges.length - 1]];
  const present = kinds.filter((kind) => kind.values.length > 0);
  const texts = present.map((kind) => `${kind.name} (${formatCount(kind.values.length, noun)})`);
  const half = 4.1 * Math.max(...texts.map((text) => text.length));
  const wanted = present.map((kind) => ((median(kind.values) - low) / (high - low)) * innerWidth);
  const placed = spread(wanted, 2 * half, half, innerWidth - half);
  return present.map((kind, i) => ({
    x: placed[i] / innerWidth,
    xref: "paper",
    xanchor: "center",
    y: plotShare,
    yref: "paper",
    yanchor: "bottom",
    yshift: 2,
    text: `<b>${texts[i]}</b>`,
    font: { color: wordColor(kind.color), size: 12 },
  }));
}
