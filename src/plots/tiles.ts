import { asRgb } from "../core/dark-figures.js";
import type { Image } from "../core/image.js";
import { label, shortLabel } from "./label.js";
import { paper, type Rectangle } from "./paper.js";
import { type Placed, sheetUri } from "./sprite.js";
import { fitText, textWidth } from "./static/fonts.js";
import { colors, wordColor } from "./theme.js";

/** What is known of an image in a sheet. */
export type TileKind = "normal" | "anomaly" | "unlabelled";

/** A line below an image. */
export interface CaptionLine {
  readonly text: string;
  /** Which part to keep where the line is too long. */
  readonly keep: "start" | "end";
}

/** An image in a sheet with what is written below it. */
export interface Tile {
  readonly image: Image;
  readonly kind: TileKind;
  /** Left edge in figure pixels, a multiple of the thumbnails' scale. */
  readonly left: number;
  /** Top edge in figure pixels, a multiple of the thumbnails' scale, downwards. */
  readonly top: number;
  /** Lines of text below the image, not escaped, shortened where they are too long. */
  readonly caption: readonly CaptionLine[];
  /** Lines of text shown at the mouse, not escaped. */
  readonly hover: readonly string[];
}

/** Height in figure pixels of a line of a caption. */
export const captionLine = 14;

/** Height in figure pixels between an image and its caption. */
export const captionGap = 4;

/** Font sizes of captions; the largest at which all lines fit, or else the last but one. */
const captionSizes = [11, 10, 9];
const frameWidth: Record<TileKind, number> = { normal: 2, anomaly: 3, unlabelled: 1 };
/** Color of the frame around an image. */
export const frameColor: Readonly<Record<TileKind, string>> = {
  normal: colors.normal,
  anomaly: colors.anomaly,
  unlabelled: "#BDBDBD",
};

/** The room for tiles. */
export interface TileGrid {
  /** Side of the square that images fit in, in figure pixels. */
  readonly side: number;
  /** Figure pixels for each image pixel. */
  readonly scale: number;
  /** Room for a caption, in figure pixels. */
  readonly captionWidth: number;
}

/**
 * Draws tiles into axes whose unit is the figure pixel, y downwards: one picture with all images, one trace of the paper
 * around them, one of frames with hover texts, one of captions.
 *
 * @param tiles - at least one tile
 * @param grid - the room for them
 * @returns traces and a layout image
 */
export async function drawTiles(
  tiles: readonly Tile[],
  grid: TileGrid,
): Promise<{ traces: object[]; image: object }> {
  const { side, scale } = grid;
  const left = Math.min(...tiles.map((tile) => tile.left));
  const top = Math.min(...tiles.map((tile) => tile.top));
  const width = Math.max(...tiles.map((tile) => tile.left)) + side - left;
  const height = Math.max(...tiles.map((tile) => tile.top)) + side - top;
  const placed = tiles.map(
    ({ image, ...tile }): Placed => ({
      image,
      left: (tile.left - left) / scale + Math.floor((side / scale - image.width) / 2),
      top: (tile.top - top) / scale + Math.floor((side / scale - image.height) / 2),
    }),
  );
  return {
    traces: [
      paper(
        { left, top, width, height },
        placed.map((one) => holeOf(one, { left, top, scale })),
      ),
      frames(tiles, side),
      captions(tiles, grid),
    ],
    image: {
      source: await sheetUri(width / scale, height / scale, placed),
      xref: "x",
      yref: "y",
      x: left,
      y: top,
      sizex: width,
      sizey: height,
      sizing: "stretch",
      layer: "below",
    },
  };
}

function holeOf(
  { image, left, top }: Placed,
  sheet: { readonly left: number; readonly top: number; readonly scale: number },
): Rectangle {
  const { scale } = sheet;
  return {
    left: sheet.left + left * scale,
    top: sheet.top + top * scale,
    width: image.width * scale,
    height: image.height * scale,
  };
}

function frames(tiles: readonly Tile[], side: number): object {
  return {
    type: "scatter",
    mode: "markers",
    x: tiles.map((tile) => tile.left + side / 2),
    y: tiles.map((tile) => tile.top + side / 2),
    marker: {
      symbol: "square-open",
      opacity: 1,
      size: tiles.map((tile) => side + frameWidth[tile.kind]),
      color: tiles.map((tile) => frameColor[tile.kind]),
      line: { width: tiles.map((tile) => frameWidth[tile.kind]) },
    },
    hovertext: tiles.map((tile) => tile.hover.map(shortLabel).join("<br>")),
    hoverinfo: "text",
    cliponaxis: false,
  };
}

function captions(tiles: readonly Tile[], { side, captionWidth }: TileGrid): object {
  const size = captionSize(tiles, captionWidth);
  const lines = (tile: Tile) =>
    tile.caption.map(({ text, keep }) => label(fitText(text, captionWidth, size, { keep })));
  return {
    type: "scatter",
    mode: "text",
    x: tiles.map((tile) => tile.left + side / 2),
    y: tiles.map((tile) => tile.top + side + captionGap),
    text: tiles.map((tile) => lines(tile).join("<br>")),
    textposition: "bottom center",
    textfont: { size, color: colors.text },
    hoverinfo: "skip",
    cliponaxis: false,
  };
}

function captionSize(tiles: readonly Tile[], width: number): number {
  const names = tiles.flatMap(({ caption }) => caption.filter(({ keep }) => keep === "start"));
  const fits = (size: number) => names.every(({ text }) => textWidth(text, size) <= width);
  return captionSizes.find(fits) ?? captionSizes[1];
}

/**
 * The axes that tiles are drawn in.
 *
 * @param width - width inside the margins, in pixels
 * @param height - height inside the margins, in pixels
 * @param above - how much of the height lies above the origin, in pixels
 * @returns `xaxis` and `yaxis` of a layout, without lines or labels
 */
export function pixelAxes(width: number, height: number, above: number): { xaxis: object; yaxis: object } {
  const axis = { visible: false, fixedrange: true };
  return { xaxis: { ...axis, range: [0, width] }, yaxis: { ...axis, range: [height - above, -above] } };
}

/**
 * The meaning of the frames, for the upper right of a sheet.
 *
 * @param kinds - the kinds that occur
 * @returns an annotation of a layout, or none when no image is labelled
 */
export function frameKey(kinds: Iterable<TileKind>): object[] {
  const present = new Set(kinds);
  const named = (["normal", "anomaly"] as const).filter((kind) => present.has(kind));
  if (named.length === 0) return [];
  return [
    {
      text: named
        .map((kind) => `<span style="color: ${asRgb(wordColor(frameColor[kind]))}">■ ${kind}</span>`)
        .join("&nbsp;&nbsp; "),
      x: 1,
      xref: "paper",
      xanchor: "right",
      y: 1,
      yref: "paper",
      yanchor: "bottom",
      yshift: 6,
      borderpad: 0,
    },
  ];
}

const headingSize = 13;

/** Height in figure pixels above tiles with a heading. */
export const headingHeight = 24;

/**
 * @param text - what the tiles below are, not escaped
 * @param at - the upper left of the tiles
 * @param width - room in pixels; longer text is shortened
 * @returns an annotation of a layout
 */
export function blockHeading(
  text: string,
  at: { readonly left: number; readonly top: number },
  width: number,
): object {
  return {
    text: `<b>${label(fitText(text, width, headingSize, { face: "bold" }))}</b>`,
    x: at.left,
    xanchor: "left",
    xshift: -2,
    y: at.top,
    yanchor: "bottom",
    yshift: 5,
    borderpad: 0,
    font: { size: headingSize, color: colors.ink },
  };
}

/**
 * @param length - a length
 * @param step - a whole number
 * @returns the next multiple of the step
 */
export function roundUp(length: number, step: number): number {
  return Math.ceil(length / step) * step;
}
