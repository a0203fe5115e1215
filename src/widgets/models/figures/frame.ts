import { colors, template } from "../../../plots/theme.js";

/** Height of every figure of an explorer in pixels. */
export const figureHeight = 290;

/** Width in pixels for which labels are placed; the page may draw wider or narrower. */
export const usualWidth = 420;

/** Margins of every figure in pixels. */
export const margin = { l: 58, r: 18, t: 34, b: 46 };

/** Width of the area inside the usual figure's axes, in pixels. */
export const innerWidth = usualWidth - margin.l - margin.r;

const transparent = "rgba(0, 0, 0, 0)";

const axis = {
  showline: true,
  linecolor: colors.axis,
  ticks: "outside",
  ticklen: 4,
  tickcolor: colors.axis,
  tickfont: { size: 11 },
  zeroline: false,
  gridcolor: "rgba(128, 128, 128, 0.22)",
  fixedrange: true,
  ticklabeloverflow: "allow",
  exponentformat: "power",
  separatethousands: true,
};

/** What a figure of an explorer consists of beside its traces. */
export interface FrameParts {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xaxis?: object;
  readonly yaxis?: object;
  readonly annotations?: readonly object[];
  readonly shapes?: readonly object[];
}

/**
 * The layout that all figures of an explorer share. It says nothing of the color of text, which the page knows.
 *
 * @param parts - titles without markup, axes, annotations and shapes
 * @returns a plotly layout without width
 */
export function layoutOf(parts: FrameParts): object {
  const { title, xTitle, yTitle, xaxis, yaxis, annotations = [], shapes = [] } = parts;
  const named = (text: string) => ({ text, standoff: 6, font: { size: 12 } });
  return {
    height: figureHeight,
    margin,
    paper_bgcolor: transparent,
    plot_bgcolor: transparent,
    font: { family: template.layout.font.family, size: 12 },
    title: {
      text: `<b>${title}</b>`,
      font: { size: 13 },
      x: 0,
      xref: "paper",
      xanchor: "left",
      y: 1,
      yref: "container",
      yanchor: "top",
      pad: { t: 10 },
    },
    xaxis: { ...axis, showgrid: false, title: named(xTitle), ...xaxis },
    yaxis: { ...axis, title: named(yTitle), ...yaxis },
    annotations: annotations.map((one) => ({ showarrow: false, borderpad: 1, ...one })),
    shapes,
    hovermode: "closest",
    hoverlabel: { font: { size: 12 } },
    showlegend: false,
    dragmode: false,
    uirevision: "explorer",
  };
}

/** Colors of the kinds of images and of curves: those of all figures, the blue lighter so that it reads on black too. */
export const kindColors = { normal: "#1C84C6", anomaly: colors.anomaly, unlabelled: "#868686" };

/** A line that stands for what the reader has set: visible on light and on dark. */
export const markLine = { color: "#868686", width: 2, dash: "dash" };
