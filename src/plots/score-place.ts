import { chooseBins, countInBins, outline } from "./histogram.js";
import { label } from "./label.js";
import { formatCount, formatNumber } from "./number-format.js";
import { colors, translucent, wordColor } from "./theme.js";

/** A score to show among the scores of normal images. */
export interface ScorePlace {
  readonly score: number;
  /** Scores of normal images, at least one. */
  readonly normal: readonly number[];
  /** What a score is. */
  readonly description: string;
  /** Part of the figure's width and height, as fractions inside the margins. */
  readonly domain: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
  /** Color of the score. */
  readonly color: string;
}

/**
 * Draws a score as a line in the histogram of normal scores, in the axes x2 and y2.
 *
 * @param place - the score and the others
 * @returns traces, axes, annotations and shapes of a layout, and the place in words
 */
export function scorePlace(place: ScorePlace): {
  traces: object[];
  axes: object;
  annotations: object[];
  shapes: object[];
  words: string;
} {
  const { score, normal, domain } = place;
  const { edges } = chooseBins(normal);
  const heights = countInBins(normal, edges).map((count) => (100 * count) / normal.length);
  const [low, high] = [Math.min(edges[0], score), Math.max(edges[edges.length - 1], score)];
  const range = [low - 0.02 * (high - low), high + 0.02 * (high - low)];
  const below = normal.filter((value) => value < score).length;
  const words = `${formatNumber(score)}: ${rankWords(below, normal.length)}`;
  const onLeft = score > (low + high) / 2;
  const top = domain.y[1];
  return {
    traces: [
      {
        type: "scatter",
        mode: "lines",
        xaxis: "x2",
        yaxis: "y2",
        ...outline(edges, heights),
        fill: "tozeroy",
        fillcolor: translucent(colors.normal, 0.22),
        line: { color: colors.normal, width: 1.5 },
        hoverinfo: "skip",
      },
    ],
    axes: {
      xaxis2: {
        anchor: "y2",
        domain: domain.x,
        range,
        title: { text: label(place.description.charAt(0).toUpperCase() + place.description.slice(1)) },
      },
      yaxis2: {
        anchor: "x2",
        domain: domain.y,
        range: [0, 1.05 * Math.max(...heights)],
        nticks: 4,
        title: { text: "Normal images (%)", font: { size: 12 } },
      },
    },
    shapes: [
      {
        type: "line",
        xref: "x2",
        yref: "paper",
        x0: score,
        x1: score,
        y0: domain.y[0],
        y1: top,
        line: { color: place.color, width: 2.5 },
      },
    ],
    annotations: [
      {
        text: `<b>this image ${words}</b>`,
        xref: "x2",
        x: score,
        xanchor: onLeft ? "right" : "left",
        xshift: onLeft ? 2 : -2,
        yshift: 3,
        yref: "paper",
        y: top,
        yanchor: "bottom",
        borderpad: 0,
        font: { size: 12.5, color: wordColor(place.color) },
      },
    ],
    words,
  };
}

function rankWords(below: number, all: number): string {
  const images = formatCount(all, "normal image");
  if (below === all) return all === 1 ? "above the only normal image" : `above all ${images}`;
  if (below === 0) return `above none of ${images}`;
  return `above ${formatNumber((100 * below) / all)} % of ${images}`;
}
