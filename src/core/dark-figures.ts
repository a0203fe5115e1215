/** Colors of figures as `#rrggbb`, and what stands out in their place on a dark background. */
export const onDark: Readonly<Record<string, string>> = {
  "#0072B2": "#4FA9DF",
  "#D55E00": "#FF8A33",
  "#009E73": "#35C296",
  "#CC79A7": "#E29BC4",
  "#7A4E9B": "#B58BD6",
  "#5A5A5A": "#B4B4B4",
  "#8B5A2B": "#C99A68",
  "#C05500": "#FF8A33",
  "#008561": "#35C296",
  "#A16084": "#E29BC4",
  "#9C6C00": "#E69F00",
  "#3A7A9E": "#56B4E9",
  "#797900": "#A6A600",
  "#1A79B6": "#4FA9DF",
  "#757575": "#B4B4B4",
  "#1C84C6": "#4FA9DF",
};

/** Colors of words, grids and background, and the variables of JupyterLab or of a shared page that stand for them. */
const surroundings: Readonly<Record<string, string>> = {
  "#1F1F1F": "var(--jp-content-font-color1, var(--ink, #E2E6EA))",
  "#3A3A3A": "var(--jp-content-font-color1, var(--ink, #E2E6EA))",
  "#666666": "var(--jp-content-font-color2, var(--quiet, #9AA4AE))",
  "#E6E6E6": "var(--jp-border-color2, var(--rule, #373D44))",
  "#FFFFFF": "var(--jp-layout-color0, var(--paper, #15181C))",
};

/** The first of the fonts of all figures, by which they are told from figures that others drew. */
export const figureFont = "system-ui, -apple-system";

/**
 * A comment chunk of a PNG, "dn2 figure", in base64. Right after the header its text stands in the data URI of every picture that has
 * it; by it a style sheet tells drawings, whose lightness may be turned around, from photographs.
 */
export const drawingMark = "AAAAEnRFWHRDb21tZW50AGRuMiBmaWd1cmXVMl+U";

/** The same of "dn2 photos": a drawing around photographs, which alone are fully opaque; the rest has the alpha `aroundPhotos`. */
export const photosMark = "AAAAEnRFWHRDb21tZW50AGRuMiBwaG90b3PyEww3";

/** Alpha of what is no photograph, of 255: nobody sees it on white, and a filter finds it. */
export const aroundPhotos = 252;

/** Name of the filter below. */
const photosFilterName = "dn2-around-photos";

/** `invert(.93) hue-rotate(180deg)` as one matrix of colors. */
const invertedLightness = [
  "0.4936 -1.2298 -0.1238 0 0.93",
  "-0.3664 -0.3698 -0.1238 0 0.93",
  "-0.3664 -1.2298 0.7362 0 0.93",
  "0 0 0 1 0",
].join(" ");

/**
 * Markup that a page with the rules of `darkFigureStyle` holds once: the filter that turns the lightness of a picture around, all
 * but its photographs.
 */
export const photosFilter =
  `<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0" style="position:absolute" aria-hidden="true"><filter id="${photosFilterName}" ` +
  `x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">` +
  `<feColorMatrix in="SourceGraphic" values="${invertedLightness}" result="around"/>` +
  `<feComponentTransfer in="SourceGraphic" result="photos"><feFuncA type="linear" slope="${slope()}" intercept="${1 - slope()}"/>` +
  `</feComponentTransfer><feMerge><feMergeNode in="around"/><feMergeNode in="photos"/></feMerge></filter></svg>`;

/** Steepness at which only full opacity is left. */
function slope(): number {
  return 255 / (255 - aroundPhotos);
}

/** Bytes of a PNG before the first chunk that is not the header; a multiple of three, as base64 needs it. */
const headerBytes = 33;

/**
 * @param png - bytes of a PNG file
 * @param chunk - the mark, default that of a drawing
 * @returns the same picture with the mark
 */
export function markDrawing(png: Uint8Array, chunk = drawingMark): Uint8Array {
  const mark = Uint8Array.from(atob(chunk), (character) => character.charCodeAt(0));
  const marked = new Uint8Array(png.length + mark.length);
  marked.set(png.subarray(0, headerBytes));
  marked.set(mark, headerBytes);
  marked.set(png.subarray(headerBytes), headerBytes + mark.length);
  return marked;
}

/** What a figure with photographs has where it draws its own paper around them; those of earlier versions have it in the photographs. */
export const ownPaper = `.js-fill[style*="fill: ${asRgb("#FFFFFF")}"]`;

/**
 * Rules for plotly figures of this package on a dark page. A figure says its light colors itself and is a white card where these rules
 * are not there, so that it can be read everywhere. JupyterLab shows a figure's picture until the mouse is over it: its lightness is turned
 * around, but for that of photographs, for which the page has to hold `photosFilter`. Explorers choose their colors themselves.
 *
 * @param scope - selector of what the figures are in, which matches only while the page is dark
 * @returns CSS
 */
export function darkFigureStyle(scope: string): string {
  const figure = `${scope} .js-plotly-plot:not(.dn2x *):has(text[style*="${figureFont}"]):is(:not(:has(.main-svg image)), :has(${ownPaper}))`;
  const rules = Object.entries({ ...onDark, ...surroundings }).flatMap(([light, dark]) =>
    ["fill", "stroke"].map(
      (property) => `${figure} [style*="${property}: ${asRgb(light)}"] { ${property}: ${dark} !important; }`,
    ),
  );
  return [
    `${scope} img[src*="${drawingMark}"] { filter: invert(.93) hue-rotate(180deg); }`,
    `${scope} img[src*="${photosMark}"] { filter: url(#${photosFilterName}); }`,
    `${figure} .main-svg { background: transparent !important; }`,
    ...rules,
  ].join("\n");
}

/**
 * @param color - a color as `#rrggbb`
 * @returns the color as browsers write it, by which the rules find it
 */
export function asRgb(color: string): string {
  return `rgb(${[1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16)).join(", ")})`;
}
