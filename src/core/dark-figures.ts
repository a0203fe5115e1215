/** Colors of figures as `#rrggbb`, and what stands out in their place on a dark background. */
export const onDark: Readonly<Record<string, string>> = {
  "#0072B2": "#4FA9DF",
  "#D55E00": "#FF8A33",
  "#009E73": "#35C296",
  "#CC79A7": "#E29BC4",
  "#7A4E9B": "#B58BD6",
  "#5A5A5A": "#B4B4B4",
  "#8B5A2B": "#C99A68",
};

/** Colors of words, grids and background, and the variables of JupyterLab or of a shared page that stand for them. */
const surroundings: Readonly<Record<string, string>> = {
  "#1F1F1F": "var(--jp-content-font-color1, var(--ink, #E2E6EA))",
  "#3A3A3A": "var(--jp-content-font-color1, var(--ink, #E2E6EA))",
  "#666666": "var(--jp-content-font-color2, var(--quiet, #9AA4AE))",
  "#E6E6E6": "var(--jp-border-color2, var(--rule, #373D44))",
  "#FFFFFF": "var(--jp-layout-color1, var(--paper, #15181C))",
};

/** The first of the fonts of all figures, by which they are told from figures that others drew. */
export const figureFont = "system-ui, -apple-system";

/**
 * A comment chunk of a PNG, "dn2 figure", in base64. Right after the header its text stands in the data URI of every picture that has
 * it; by it a style sheet tells drawings, whose lightness may be turned around, from photographs.
 */
export const drawingMark = "AAAAEnRFWHRDb21tZW50AGRuMiBmaWd1cmXVMl+U";

/** Bytes of a PNG before the first chunk that is not the header; a multiple of three, as base64 needs it. */
const headerBytes = 33;

/**
 * @param png - bytes of a PNG file
 * @returns the same picture with the mark of a drawing
 */
export function markDrawing(png: Uint8Array): Uint8Array {
  const mark = Uint8Array.from(atob(drawingMark), (character) => character.charCodeAt(0));
  const marked = new Uint8Array(png.length + mark.length);
  marked.set(png.subarray(0, headerBytes));
  marked.set(mark, headerBytes);
  marked.set(png.subarray(headerBytes), headerBytes + mark.length);
  return marked;
}

/**
 * Rules for plotly figures of this package on a dark page. A figure says its light colors itself and is a white card where these rules
 * are not there, so that it can be read everywhere. JupyterLab shows a figure's picture until the mouse is over it: its lightness is turned
 * around. Contact sheets and heatmaps stay white: their pictures hold their own paper.
 *
 * @param scope - selector of what the figures are in, which matches only while the page is dark
 * @returns CSS
 */
export function darkFigureStyle(scope: string): string {
  const figure = `${scope} .js-plotly-plot:has(text[style*="${figureFont}"]):not(:has(.main-svg image))`;
  const rules = Object.entries({ ...onDark, ...surroundings }).flatMap(([light, dark]) =>
    ["fill", "stroke"].map(
      (property) => `${figure} [style*="${property}: ${asRgb(light)}"] { ${property}: ${dark} !important; }`,
    ),
  );
  return [
    `${scope} img[src*="${drawingMark}"] { filter: invert(.93) hue-rotate(180deg); }`,
    `${figure} .main-svg { background: transparent !important; }`,
    ...rules,
  ].join("\n");
}

function asRgb(color: string): string {
  return `rgb(${[1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16)).join(", ")})`;
}
