import { figureFont } from "../core/dark-figures.js";

/** Colors that people with any common kind of color vision can tell apart (Okabe and Ito 2008), yellow left out. */
export const colors = {
  normal: "#0072B2",
  anomaly: "#D55E00",
  unlabelled: "#5A5A5A",
  ink: "#1F1F1F",
  text: "#3A3A3A",
  quiet: "#666666",
  axis: "#8C8C8C",
  grid: "#E6E6E6",
  paper: "#FFFFFF",
} as const;

/** Colors for classes and compared curves, in order of use. */
export const series: readonly string[] = [
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#E69F00",
  "#56B4E9",
  "#7A4E9B",
  "#5A5A5A",
  "#8B5A2B",
  "#A6A600",
];

/** Colors of words, where that of what they name stands out from white by less than 4.5 to 1. */
const darker: Readonly<Record<string, string>> = {
  "#D55E00": "#C05500",
  "#009E73": "#008561",
  "#CC79A7": "#A16084",
  "#E69F00": "#9C6C00",
  "#56B4E9": "#3A7A9E",
  "#A6A600": "#797900",
  "#1C84C6": "#1A79B6",
  "#868686": "#757575",
};

/**
 * @param color - color of a curve or of marks, as `#rrggbb`
 * @returns the color of words that name them, which can be read on white
 */
export function wordColor(color: string): string {
  return darker[color] ?? color;
}

/** Line dashes for compared curves, so that color is never the only difference. */
export const dashes: readonly string[] = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];

/** Marker symbols for groups of points, so that color is never the only difference. */
export const symbols: readonly string[] = [
  "circle",
  "diamond",
  "square",
  "triangle-up",
  "cross",
  "triangle-down",
  "star",
  "pentagon",
  "x",
  "hexagram",
];

/** Width in pixels of a figure that does not say otherwise. */
export const defaultWidth = 720;

/** Height in pixels of a figure that does not say otherwise. */
export const defaultHeight = 420;

const family = `${figureFont}, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif`;

const axis = {
  showline: true,
  linecolor: colors.axis,
  linewidth: 1,
  ticks: "outside",
  ticklen: 4,
  tickcolor: colors.axis,
  tickfont: { size: 12, color: colors.text },
  title: { standoff: 10, font: { size: 13, color: colors.text } },
  zeroline: false,
  gridcolor: colors.grid,
  automargin: true,
  separatethousands: true,
  exponentformat: "power",
};

/**
 * What all figures look like: dark words on an opaque white, so that a figure can be read wherever it is pasted. A dark JupyterLab and a
 * dark shared page bring the rules of `darkFigureStyle`. The fonts are those of the reader's system, in pictures DejaVu Sans.
 */
export const template = {
  layout: {
    paper_bgcolor: colors.paper,
    plot_bgcolor: colors.paper,
    font: {
      family,
      size: 13,
      color: colors.text,
    },
    title: { font: { size: 16, color: colors.ink } },
    margin: { l: 68, r: 24, t: 70, b: 56 },
    colorway: series,
    xaxis: { ...axis, showgrid: false },
    yaxis: axis,
    hovermode: "closest",
    hoverlabel: {
      bgcolor: colors.paper,
      bordercolor: colors.axis,
      align: "left",
      font: { family, size: 12, color: colors.ink },
    },
    showlegend: false,
    annotationdefaults: { showarrow: false, font: { size: 12.5, color: colors.text } },
  },
} as const;

/** How a live graph behaves. */
export const config = {
  displaylogo: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
} as const;

/**
 * @param color - a color as `#rrggbb`
 * @param opacity - from 0 to 1
 * @returns the color with this opacity
 */
export function translucent(color: string, opacity: number): string {
  const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16));
  return `rgba(${r}, ${g}, ${b}, ${opacity})`;
}
