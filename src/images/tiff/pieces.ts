import { inflateSync } from "node:zlib";
import { refuse } from "../limits.js";
import { lzwLength } from "./lzw-length.js";

/** The strips or tiles of a TIFF. */
export interface Pieces {
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
  /** How many the picture needs. */
  readonly count: number;
  /** Bytes of a piece before compression. */
  readonly rawBytes: number;
  /** Bytes of the last piece before compression. */
  readonly lastBytes: number;
}

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

/**
 * Refuses a TIFF whose strips or tiles are missing, cut off, damaged or larger than its header says.
 *
 * @param bytes - the whole file
 * @param pieces - where the directory says that they are
 * @param compression - the method, by its TIFF number
 * @throws Refusal with the reason
 */
export function checkPieces(bytes: Uint8Array, pieces: Pieces, compression: number): void {
  const { offsets, byteCounts, count, rawBytes, lastBytes } = pieces;
  if (offsets.length !== count || byteCounts.length !== count) {
    refuse(`it is damaged: its picture needs ${count} pieces, its directory lists ${offsets.length}`);
  }
  if (byteCounts.reduce((sum, n) => sum + n, 0) > bytes.length) {
    refuse(`it is cut off: it has ${bytes.length} bytes, its pixel data more`);
  }
  const needed = byteCounts.map((_, i) => (i === count - 1 ? lastBytes : rawBytes));
  for (let i = 0; i < count; i++) {
    const end = offsets[i] + byteCounts[i];
    if (end > bytes.length)
      refuse(`it is cut off: its pixel data end at byte ${end}, it has ${bytes.length}`);
    const length = expandedLength(bytes.subarray(offsets[i], end), rawBytes, compression);
    if (length < needed[i]) refuse("it is cut off: it holds less pixel data than its header says");
  }
}

function expandedLength(piece: Uint8Array, limit: number, compression: number): number {
  if (compression === 1) return piece.length;
  if (compression === 5) {
    const length = lzwLength(piece, limit);
    return length > limit ? tooMuch() : length;
  }
  if (compression !== 8 && compression !== 32946) {
    const name = compressionNames[compression] ?? `method ${compression}`;
    refuse(`its compression (${name}) is not read; save it uncompressed, with LZW or with Deflate`);
  }
  try {
    return inflateSync(piece, { maxOutputLength: limit }).length;
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") return tooMuch();
    return refuse("it is damaged: its pixel data cannot be decompressed");
  }
}

function tooMuch(): never {
  return refuse("it holds more pixel data than its header says");
}
