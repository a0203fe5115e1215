import type { RocBand } from "../../../metrics/roc-band.js";
import { colors, translucent, wordColor } from "../../../plots/theme.js";
import type { FigureSpec } from "../../explorer-model.js";
import { layoutOf } from "./frame.js";

/** A ROC curve to draw. */
export interface RocLine {
  /** False positive rates, rising. */
  readonly x: readonly number[];
  /** True positive rates, rising. */
  readonly y: readonly number[];
  readonly color: string;
  readonly dash?: string;
  /** What stands in the corner: the area, perhaps with a name. */
  readonly label: string;
  readonly band?: RocBand;
}

/** What the figure says beside the curves. */
export interface RocOptions {
  /** Rates at a threshold, drawn as a point. */
  readonly at?: { readonly x: number; readonly y: number };
  /** Level of the bands. */
  readonly level: number;
  readonly alt: string;
}

const axis = { range: [-0.005, 1.005], tickvals: [0, 0.2, 0.4, 0.6, 0.8, 1] };
const smallFont = { size: 11 };

/**
 * @param lines - one curve or two
 * @param options - what the figure says beside the curves
 * @returns ROC curves in the unit square with bands and values
 */
export function rocFigure(lines: readonly RocLine[], options: RocOptions): FigureSpec {
  const { at, level, alt } = options;
  const banded = lines.some((line) => line.band);
  const labels = lines.map((line, i) => ({
    ...corner((banded ? 20 : 6) + 19 * (lines.length - 1 - i)),
    text: `<b>${line.label}</b>`,
    font: { size: lines.length > 1 ? 12.5 : 15, color: wordColor(line.color) },
  }));
  const bandLabel = { ...corner(4), text: `band: ${percent(level)} at each rate`, font: smallFont };
  return {
    name: "roc",
    data: [
      ...lines.map(bandTrace),
      {
        type: "scatter",
        mode: "lines",
        x: [0, 1],
        y: [0, 1],
        line: { color: colors.axis, width: 1, dash: "dot" },
        hoverinfo: "skip",
      },
      ...lines.map(curveTrace),
      {
        type: "scatter",
        mode: "markers",
        x: at ? [at.x] : [],
        y: at ? [at.y] : [],
        marker: { color: "#868686", size: 9, line: { color: "#FFFFFF", width: 1.5 } },
        hovertemplate: "threshold<br>false alarms %{x:.1%}<br>anomalies found %{y:.1%}<extra></extra>",
      },
    ],
    layout: layoutOf({
      title: "ROC curve",
      xTitle: "False positive rate (false alarms)",
      yTitle: "True positive rate (found)",
      xaxis: axis,
      yaxis: axis,
      annotations: banded ? [...labels, bandLabel] : labels,
    }),
    alt,
  };
}

function corner(yshift: number): object {
  return {
    x: 1,
    xref: "paper",
    xanchor: "right",
    xshift: -6,
    y: 0,
    yref: "paper",
    yanchor: "bottom",
    yshift,
  };
}

function bandTrace({ band, color }: RocLine): object {
  const rates = band ? Array.from(band.falsePositiveRate) : [];
  return {
    type: "scatter",
    mode: "lines",
    x: [...rates, ...[...rates].reverse()],
    y: band ? [...band.high, ...Array.from(band.low).reverse()] : [],
    fill: "toself",
    fillcolor: translucent(color, 0.24),
    line: { width: 0, color },
    hoverinfo: "skip",
  };
}

function curveTrace({ x, y, color, dash = "solid" }: RocLine): object {
  return {
    type: "scatter",
    mode: "lines",
    x,
    y,
    line: { color, width: 2.25, dash },
    hovertemplate: "false positive rate %{x:.3f}<br>true positive rate %{y:.3f}<extra></extra>",
  };
}

/**
 * @param share - for example 0.95
 * @returns for example "95 %"
 */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(4))} %`;
}
