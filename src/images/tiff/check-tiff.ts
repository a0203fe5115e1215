import { type Directory, tags } from "../directory.js";
import { checkPixels, refuse } from "../limits.js";
import { checkPieces, type Pieces } from "./pieces.js";

/** What a TIFF's directory says of its picture. */
export interface TiffLayout {
  readonly width: number;
  readonly height: number;
  /** Whether samples are numbers of colors in a palette. */
  readonly hasPalette: boolean;
}

const whiteIsZero = 0;
const rgb = 2;
const palette = 3;

/**
 * Refuses a TIFF that image-js would read wrongly, half, or without limit of memory.
 *
 * @param bytes - the whole file
 * @param directory - its first directory
 * @returns the layout
 * @throws Refusal with the reason
 */
export function checkTiff(bytes: Uint8Array, directory: Directory): TiffLayout {
  const one = (tag: number, fallback: number) => directory.get(tag)?.[0] ?? fallback;
  const width = one(tags.width, 0);
  const height = one(tags.height, 0);
  checkPixels(width, height);
  const depths = directory.get(tags.depth) ?? [1];
  const depth = depths[0];
  const samples = one(tags.samples, 1);
  const photometric = one(tags.photometric, -1);
  if (![1, 8, 16].includes(depth) || depths.some((d) => d !== depth) || one(tags.sampleFormat, 1) !== 1) {
    refuse("its samples are not whole numbers of 1, 8 or 16 bits; convert it to 8 or 16 bits");
  }
  if (photometric < whiteIsZero || photometric > palette) {
    refuse("its color model is not read (grey, RGB and palette are); save it as RGB");
  }
  const colors = photometric === rgb ? 3 : 1;
  if (samples !== colors && samples !== colors + 1)
    refuse(`it has ${samples} channels a pixel; save it as RGB`);
  if (samples > colors && !directory.get(tags.extraSamples)?.[0]) {
    refuse("it has a channel that is neither color nor alpha; save it as RGB");
  }
  if (photometric === palette && (depth !== 8 || samples > 1)) {
    refuse("its palette is of a kind that is not read; save it as RGB");
  }
  if (photometric === palette && directory.get(tags.palette)?.length !== 3 * 2 ** depth) {
    refuse("it is damaged: its palette is incomplete");
  }
  if (depth === 1 && (samples > 1 || one(tags.fillOrder, 1) !== 1)) {
    refuse("its bits are in an order that is not read; convert it to 8 bits");
  }
  if (one(tags.planar, 1) !== 1 && samples > 1) {
    refuse("its channels are stored apart; save it with channels together");
  }
  const tiled = directory.has(tags.tileWidth);
  if (tiled && (samples > 1 || depth === 1)) refuse("it is stored in tiles; save it in strips");
  const bits = samples * depth;
  const pieces = tiled ? tiles(directory, width, height, bits) : strips(directory, width, height, bits);
  checkPieces(bytes, pieces, one(tags.compression, 1));
  return { width, height, hasPalette: photometric === palette };
}

function strips(directory: Directory, width: number, height: number, bits: number): Pieces {
  const rows = Math.min(height, directory.get(tags.rowsPerStrip)?.[0] || height);
  const rowBytes = Math.ceil((width * bits) / 8);
  const count = Math.ceil(height / rows);
  return {
    offsets: directory.get(tags.stripOffsets) ?? [],
    byteCounts: directory.get(tags.stripByteCounts) ?? [],
    count,
    rawBytes: rowBytes * rows,
    lastBytes: rowBytes * (height - rows * (count - 1)),
  };
}

function tiles(directory: Directory, width: number, height: number, bits: number): Pieces {
  const tileWidth = directory.get(tags.tileWidth)?.[0] ?? 0;
  const tileHeight = directory.get(tags.tileHeight)?.[0] ?? 0;
  checkPixels(tileWidth, tileHeight);
  const rawBytes = Math.ceil((tileWidth * bits) / 8) * tileHeight;
  const count = Math.ceil(width / tileWidth) * Math.ceil(height / tileHeight);
  if (count * rawBytes > 4 * width * height * bits + 2 ** 24)
    refuse("its tiles are far larger than its picture");
  return {
    offsets: directory.get(tags.tileOffsets) ?? [],
    byteCounts: directory.get(tags.tileByteCounts) ?? [],
    count,
    rawBytes,
    lastBytes: rawBytes,
  };
}
