import { Figure } from "./figure.js";
import type { CaptionPart, ImageLabels } from "./image-labels.js";
import { frame, type TitleOptions } from "./layout.js";
import { thumbnails } from "./sprite.js";
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
  /** Blocks from left to right. */
  readonly blocks: readonly SheetBlock[];
  /** Images a row of a block; default as many as fit, at most `mostColumns`. */
  readonly columns?: number;
  readonly mostColumns: number;
  readonly captions?: readonly CaptionPart[];
  /** What the sheet shows, after its title. */
  readonly alt: string;
}

const margin = { l: 16, r: 16, b: 8 };
const gap = 8;
const blockGap = 32;

/**
 * Draws images in rows, block beside block.
 *
 * @param labels - the images and what is known of them
 * @param sheet - which to show, and where
 * @param options - title and size of the user
 * @returns the figure
 */
export async function sheetFigure(labels: ImageLabels, sheet: Sheet, options: TitleOptions): Promise<Figure> {
  const { title = sheet.title, subtitle = sheet.subtitle, width = defaultWidth } = options;
  const all = sheet.blocks.flatMap((block) => block.shown);
  const loaded = await thumbnails(all.map((i) => labels.images.source(i)));
  const { scale } = loaded;
  const side = loaded.cell * scale;
  const captionLines = Math.max(0, ...all.map((i) => labels.caption(i, sheet.captions).length));
  const stepY = roundUp(side + captionLines * captionLine + captionGap + gap, scale);
  const count = sheet.blocks.length;
  const room = (width - margin.l - margin.r - (count - 1) * blockGap) / count;
  const columns =
    sheet.columns ?? Math.max(1, Math.min(sheet.mostColumns, Math.floor((room + gap) / (side + gap))));
  const stepX = spacing(side, columns, room, scale);
  const blockWidth = (columns - 1) * stepX + side;
  const blockStep = roundUp(Math.max(blockWidth, room) + blockGap, scale);
  const start = sheet.blocks.some((block) => block.heading) ? headingHeight : 0;
  let next = 0;
  const tiles = sheet.blocks.flatMap((block, b) =>
    block.shown.map((i, j): Tile => {
      return {
        image: loaded.images[next++],
        kind: labels.kind(i),
        left: b * blockStep + (j % columns) * stepX,
        top: Math.floor(j / columns) * stepY,
        caption: labels.caption(i, sheet.captions),
        hover: labels.hover(i),
      };
    }),
  );
  const rows = Math.max(...sheet.blocks.map((block) => Math.ceil(block.shown.length / columns)));
  const needed = (count - 1) * blockStep + blockWidth + margin.l + margin.r;
  const { size, heading, innerWidth, innerHeight } = frame(
    { ...options, title, subtitle, width: Math.max(width, needed) },
    { title, body: start + rows * stepY + margin.b, margin },
  );
  const drawn = drawTiles(tiles, { side, scale, captionWidth: stepX - 4 });
  return new Figure(
    drawn.traces,
    {
      ...size,
      ...pixelAxes(innerWidth, innerHeight, start),
      images: [drawn.image],
      annotations: [
        ...heading,
        ...frameKey(tiles.map((tile) => tile.kind)),
        ...sheet.blocks.flatMap((block, b) =>
          block.heading ? [blockHeading(block.heading, b * blockStep)] : [],
        ),
      ],
      dragmode: false,
    },
    `${title}: ${sheet.alt}`,
  );
}

/** Tiles spread over the room there is, in whole steps of the scale, but no farther apart than half their side. */
function spacing(side: number, columns: number, room: number, scale: number): number {
  const free = columns > 1 ? (room - side) / (columns - 1) : 0;
  return Math.max(side + gap, Math.floor(Math.min(free, 1.5 * side) / scale) * scale);
}
