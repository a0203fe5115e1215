import { Figure } from "./figure.js";
import type { CaptionPart, ImageLabels } from "./image-labels.js";
import { frame, type TitleOptions } from "./layout.js";
import { type Thumbnails, thumbnails } from "./sprite.js";
import { defaultWidth } from "./theme.js";
import {
  blockHeading,
  captionGap,
  captionLine,
  drawTiles,
  frameKey,
  headingHeight,
  pixelAxes,
  roundUp,
  type Tile,
} from "./tiles.js";

/** A group of images in a sheet. */
export interface SheetBlock {
  /** Written above the block. */
  readonly heading?: string;
  /** Positions of the images. */
  readonly shown: readonly number[];
}

/** A sheet of images. */
export interface Sheet {
  readonly title: string;
  readonly subtitle?: string;
  /** Groups of images, row by row. */
  readonly blocks: readonly SheetBlock[];
  /** Blocks beside each other, default all. */
  readonly blockColumns?: number;
  /** Images a row of a block; default as many as fit, at most `mostColumns`. */
  readonly columns?: number;
  readonly mostColumns: number;
  /** Side in pixels to which large images are shrunk, default 72. */
  readonly side?: number;
  readonly captions?: readonly CaptionPart[];
  /** What the sheet shows, after its title. */
  readonly alt: string;
}

const margin = { l: 16, r: 16, b: 8 };
const gap = 8;
const blockGap = 32;

/**
 * Draws groups of images in rows.
 *
 * @param labels - the images and what is known of them
 * @param sheet - which to show, and where
 * @param options - title and size of the user
 * @returns the figure
 */
export async function sheetFigure(labels: ImageLabels, sheet: Sheet, options: TitleOptions): Promise<Figure> {
  const { title = sheet.title, subtitle = sheet.subtitle, width = defaultWidth } = options;
  const all = sheet.blocks.flatMap((block) => block.shown);
  const loaded = await thumbnails(
    all.map((i) => labels.images.source(i)),
    sheet.side ?? 72,
  );
  const grid = gridOf(labels, sheet, loaded, width - margin.l - margin.r);
  let next = 0;
  const tiles = sheet.blocks.flatMap((block, b) =>
    block.shown.map((i, j): Tile => {
      return {
        image: loaded.images[next++],
        kind: labels.kind(i),
        ...grid.place(b, j),
        caption: labels.caption(i, sheet.captions),
        hover: labels.hover(i),
      };
    }),
  );
  const { size, heading, innerWidth, innerHeight } = frame(
    { ...options, title, subtitle, width: Math.max(width, grid.width + margin.l + margin.r) },
    { title, body: grid.height + margin.b, margin },
  );
  const drawn = await drawTiles(tiles, grid);
  return new Figure(
    drawn.traces,
    {
      ...size,
      ...pixelAxes(innerWidth, innerHeight, grid.above),
      images: [drawn.image],
      annotations: [
        ...heading,
        ...frameKey(tiles.map((tile) => tile.kind)),
        ...sheet.blocks.flatMap((block, b) =>
          block.heading ? [blockHeading(block.heading, grid.place(b, 0), grid.blockWidth)] : [],
        ),
      ],
      dragmode: false,
    },
    `${title}: ${sheet.alt}`,
  );
}

interface Grid {
  readonly side: number;
  readonly scale: number;
  readonly captionWidth: number;
  /** Size of all blocks with their headings, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Width of a block, in pixels. */
  readonly blockWidth: number;
  /** Height of the first heading, in pixels. */
  readonly above: number;
  place(block: number, image: number): { left: number; top: number };
}

function gridOf(labels: ImageLabels, sheet: Sheet, { cell, scale }: Thumbnails, width: number): Grid {
  const { blocks, blockColumns = blocks.length } = sheet;
  const side = cell * scale;
  const captionLines = Math.max(
    0,
    ...blocks.flatMap((block) => block.shown.map((i) => labels.caption(i, sheet.captions).length)),
  );
  const caption = captionLines > 0 ? captionGap + captionLines * captionLine : 0;
  const room = (width - (blockColumns - 1) * blockGap) / blockColumns;
  const columns =
    sheet.columns ?? Math.max(1, Math.min(sheet.mostColumns, Math.floor((room + gap) / (side + gap))));
  const stepX = spacing(side, columns, room, scale);
  const stepY = roundUp(side + caption + gap, scale);
  const rows = Math.max(...blocks.map((block) => Math.ceil(block.shown.length / columns)));
  const above = blocks.some((block) => block.heading) ? headingHeight : 0;
  const blockWidth = (columns - 1) * stepX + side;
  const blockX = roundUp(Math.max(blockWidth, room) + blockGap, scale);
  const blockY = roundUp(rows * stepY + above, scale);
  return {
    side,
    scale,
    captionWidth: stepX - 4,
    width: (blockColumns - 1) * blockX + blockWidth,
    height: Math.ceil(blocks.length / blockColumns) * blockY,
    blockWidth,
    above,
    place: (block, image) => ({
      left: (block % blockColumns) * blockX + (image % columns) * stepX,
      top: Math.floor(block / blockColumns) * blockY + Math.floor(image / columns) * stepY,
    }),
  };
}

/** Tiles spread over the room there is, in whole steps of the scale, but no farther apart than half their side. */
function spacing(side: number, columns: number, room: number, scale: number): number {
  const free = columns > 1 ? (room - side) / (columns - 1) : 0;
  return Math.max(roundUp(side + gap, scale), Math.floor(Math.min(free, 1.5 * side) / scale) * scale);
}
