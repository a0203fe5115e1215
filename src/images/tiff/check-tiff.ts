import { inflateSync } from "node:zlib";
import type { Directory } from "../directory.js";
import { checkPixels, refuse } from "../limits.js";
import { lzwLength } from "./lzw-length.js";

const uncompressed = 1;
const lzw = 5;
const deflate = [8, 32946];

const compressionNames: Record<number, string> = {
  2: "CCITT",
  3: "CCITT fax",
  4: "CCITT fax",
  6: "JPEG",
  7: "JPEG",
  32773: "PackBits",
  34712: "JPEG 2000",
  50000: "Zstandard",
  50001: "WebP",
};

/** What a TIFF's directory says of its picture. */
export interface TiffLayout {
  readonly width: number;
  readonly height: number;
  /** 0 and 1 grey, 2 RGB, 3 palette. */
  readonly photometric: number;
}

/** Pixels that are compressed together. */
interface Pieces {
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
  /** Bytes of a whole piece before compression. */
  readonly rawBytes: number;
  /** How many pieces the picture needs. */
  readonly count: number;
}

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
  const width = one(256, 0);
  const height = one(257, 0);
  checkPixels(width, height);
  const depths = directory.get(258) ?? [1];
  const depth = depths[0];
  const samples = one(277, 1);
  const photometric = one(262, 1);
  if (![1, 8, 16].includes(depth) || depths.some((d) => d !== depth) || one(339, 1) !== 1) {
    refuse(`its samples are not whole numbers of 1, 8 or 16 bits; convert it to 8 or 16 bits`);
  }
  if (photometric > 3) refuse("its color model is not read (grey, RGB and palette are); save it as RGB");
  if (samples < 1 || samples > 4 || (photometric === 2 && samples < 3)) refuse(`it has ${samples} channels`);
  if (photometric === 3 && depth === 1) refuse("its palette of two colors is not read; save it as RGB");
  if (one(284, 1) !== 1 && samples > 1)
    refuse("its channels are stored apart; save it with channels together");
  const tiled = directory.has(322);
  if (tiled && samples > 1) refuse("it is color in tiles; save it in strips");
  if (tiled && depth === 1 && width % 8 !== 0) refuse("it is black and white in tiles; save it in strips");
  const pieces = tiled
    ? tiles(directory, width, height, depth)
    : strips(directory, width, height, samples * depth);
  checkPieces(bytes, pieces, one(259, uncompressed));
  return { width, height, photometric };
}

function strips(directory: Directory, width: number, height: number, bits: number): Pieces {
  const rows = Math.min(height, directory.get(278)?.[0] || height);
  return {
    offsets: directory.get(273) ?? [],
    byteCounts: directory.get(279) ?? [],
    rawBytes: Math.ceil((width * bits) / 8) * rows,
    count: Math.ceil(height / rows),
  };
}

function tiles(directory: Directory, width: number, height: number, bits: number): Pieces {
  const tileWidth = directory.get(322)?.[0] ?? 0;
  const tileHeight = directory.get(323)?.[0] ?? 0;
  checkPixels(tileWidth, tileHeight);
  return {
    offsets: directory.get(324) ?? [],
    byteCounts: directory.get(325) ?? [],
    rawBytes: Math.ceil((tileWidth * bits) / 8) * tileHeight,
    count: Math.ceil(width / tileWidth) * Math.ceil(height / tileHeight),
  };
}

function checkPieces(bytes: Uint8Array, pieces: Pieces, compression: number): void {
  const { offsets, byteCounts, rawBytes, count } = pieces;
  if (offsets.length !== count || byteCounts.length !== count) {
    refuse(`it is damaged: its picture needs ${count} pieces, its directory lists ${offsets.length}`);
  }
  for (let i = 0; i < count; i++) {
    const end = offsets[i] + byteCounts[i];
    if (end > bytes.length)
      refuse(`it is cut off: its pixel data end at byte ${end}, it has ${bytes.length}`);
    checkExpansion(bytes.subarray(offsets[i], end), rawBytes, compression);
  }
}

function checkExpansion(piece: Uint8Array, rawBytes: number, compression: number): void {
  if (compression === uncompressed) return;
  if (compression === lzw) {
    if (lzwLength(piece, 2 * rawBytes) > rawBytes) refuse("it holds more pixel data than its header says");
  } else if (deflate.includes(compression)) {
    try {
      inflateSync(piece, { maxOutputLength: rawBytes });
    } catch (error) {
      const tooLarge = (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
      refuse(tooLarge ? "it holds more pixel data than its header says" : "it is damaged or cut off");
    }
  } else {
    const name = compressionNames[compression] ?? `method ${compression}`;
    refuse(`its compression (${name}) is not read; save it uncompressed, with LZW or with Deflate`);
  }
}
