import type { Image } from "../core/image.js";
import { checkOptions } from "../core/options.js";
import { resize, toRgb } from "../images/index.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import type { Heatmap } from "../scoring/patches/index.js";
import { Figure } from "./figure.js";
import { heatColor, heatScale } from "./heat-colors.js";
import { label } from "./label.js";
import { frame, type TitleOptions, titleOptionKeys } from "./layout.js";
import { formatCount, formatNumber } from "./number-format.js";
import { truthOf } from "./score-input.js";
import { defaultWidth } from "./theme.js";
import {
  captionGap,
  captionLine,
  drawTiles,
  frameKey,
  pixelAxes,
  type Tile,
  type TileKind,
} from "./tiles.js";

/** Options of `plotHeatmap`. */
export interface PlotHeatmapOptions extends TitleOptions {
  /** For each image whether it is an anomaly: colors the frames; default from the masks, where there are any. */
  readonly isAnomaly?: AnomalyLabels;
  /** Scores at the ends of the color scale; default the lowest and the highest of all images shown. */
  readonly scale?: readonly [low: number, high: number];
}

const margin = { l: 16, r: 112, b: 8 };
const gap = 8;
const above = 6;
const [smallest, largest, mostColumns, mostImages] = [96, 220, 5, 40];
/** How much of the color there is over the image. */
const opacity = 0.62;

/**
 * Images, and over each of them in color where it is anomalous; all on one scale, so that colors can be compared.
 *
 * @param heatmaps - one heatmap or several, from `PatchScores.heatmap`
 * @param options - title, width, ground truth, scale
 * @returns the figure: under each image its heatmap, and its mask where it is known
 * @throws RangeError when there is no heatmap or are more than 40, or the scale does not rise
 */
export async function plotHeatmap(
  heatmaps: Heatmap | readonly Heatmap[],
  options: PlotHeatmapOptions = {},
): Promise<Figure> {
  checkOptions("plotHeatmap", options, [...titleOptionKeys, "isAnomaly", "scale"]);
  const shown = Array.isArray(heatmaps) ? (heatmaps as readonly Heatmap[]) : [heatmaps as Heatmap];
  if (shown.length === 0 || shown.length > mostImages) {
    throw new RangeError(`plotHeatmap needs 1 to ${mostImages} heatmaps; got ${shown.length}`);
  }
  const truth = options.isAnomaly && truthOf(shown.length, options.isAnomaly);
  const [low, high] = options.scale ?? rangeOf(shown);
  if (!(high > low))
    throw new RangeError(`a scale must rise from its first to its second end; got ${low}, ${high}`);
  const { width = defaultWidth } = options;
  const columns = Math.min(shown.length, mostColumns);
  const room = width - margin.l - margin.r;
  const side = Math.round(Math.min(largest, Math.max(smallest, room / columns - gap)));
  const hasMasks = shown.some(({ mask }) => mask !== undefined);
  const rows = hasMasks ? 3 : 2;
  const caption = captionGap + 2 * captionLine + gap;
  const bandHeight = above + rows * side + (rows - 1) * gap + caption;
  const tiles = shown.flatMap((heatmap, i): Tile[] => {
    const left = (i % columns) * (side + gap);
    const top = Math.floor(i / columns) * bandHeight;
    const kind = kindOf(heatmap, truth?.[i]);
    const { peak } = heatmap;
    const lines = [heatmap.id, `highest score ${formatNumber(peak.score)}`];
    const tile = (image: Image, row: number): Tile => ({
      image: fitted(image, side),
      kind: row === 0 ? kind : "unlabelled",
      left,
      top: top + row * (side + gap),
      caption: row < rows - 1 ? [] : lines.map((text, at) => ({ text, keep: at === 0 ? "end" : "start" })),
      hover: [...lines, `at column ${peak.x}, row ${peak.y} of ${heatmap.width} x ${heatmap.height} pixels`],
    });
    const two = [tile(toRgb(heatmap.image), 0), tile(overlaid(heatmap, low, high), 1)];
    return hasMasks ? [...two, tile(maskImage(heatmap), 2)] : two;
  });
  const bands = Math.ceil(shown.length / columns);
  const { title = shown.length === 1 ? "Where the image is anomalous" : "Where the images are anomalous" } =
    options;
  const subtitle =
    options.subtitle ??
    `above the image, below it its heatmap${hasMasks ? " and what is known to be anomalous (white)" : ""}; ${formatCount(shown.length, "image")} on one scale`;
  const { size, heading, innerWidth, innerHeight } = frame(
    { ...options, title, subtitle, width: Math.max(width, margin.l + margin.r + columns * (side + gap)) },
    { title, body: bands * bandHeight + margin.b, margin },
  );
  const drawn = await drawTiles(tiles, { side, scale: 1, captionWidth: side });
  return new Figure(
    [...drawn.traces, colorBar(shown[0].description, low, high)],
    {
      ...size,
      ...pixelAxes(innerWidth, innerHeight, above),
      images: [drawn.image],
      annotations: [...heading, ...frameKey(tiles.map(({ kind }) => kind))],
      dragmode: false,
    },
    `${title}: ${formatCount(shown.length, "image")}, ${shown[0].description}, ${formatNumber(low)} to ${formatNumber(high)}`,
  );
}

function kindOf({ mask }: Heatmap, isAnomaly: boolean | undefined): TileKind {
  const known = isAnomaly ?? mask?.data.some((value) => value === 1);
  return known === undefined ? "unlabelled" : known ? "anomaly" : "normal";
}

function rangeOf(heatmaps: readonly Heatmap[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values } of heatmaps) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return high > low ? [low, high] : [low, low + Math.max(1, Math.abs(low))];
}

function overlaid({ image, values, width, height }: Heatmap, low: number, high: number): Image {
  const rgb = toRgb(image);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < values.length; i++) {
    const grey = 0.299 * rgb.data[3 * i] + 0.587 * rgb.data[3 * i + 1] + 0.114 * rgb.data[3 * i + 2];
    const color = Number.isNaN(values[i]) ? undefined : heatColor((values[i] - low) / (high - low));
    for (let c = 0; c < 3; c++) {
      data[3 * i + c] = Math.round(color ? opacity * color[c] + (1 - opacity) * grey : grey);
    }
  }
  return { width, height, channels: 3, data };
}

function maskImage({ mask, width, height }: Heatmap): Image {
  const data = new Uint8Array(width * height * 3).fill(40);
  mask?.data.forEach((value, i) => {
    if (value === 1) data.fill(255, 3 * i, 3 * i + 3);
  });
  return { width, height, channels: 3, data };
}

function fitted(image: Image, side: number): Image {
  const factor = side / Math.max(image.width, image.height);
  const length = (pixels: number) => Math.max(1, Math.round(pixels * factor));
  return resize(image, length(image.width), length(image.height), factor >= 2 ? "nearest" : "bilinear");
}

function colorBar(description: string, low: number, high: number): object {
  return {
    type: "scatter",
    mode: "markers",
    x: [0, 0],
    y: [0, 0],
    hoverinfo: "skip",
    marker: {
      opacity: 0,
      color: [low, high],
      cmin: low,
      cmax: high,
      colorscale: heatScale,
      showscale: true,
      colorbar: {
        title: { text: label(description), side: "right", font: { size: 12 } },
        thickness: 14,
        len: 0.9,
        x: 1.02,
        outlinewidth: 0,
        tickfont: { size: 11 },
        nticks: 6,
      },
    },
  };
}
