import { crc32 } from "node:zlib";
import { checkPixels, refuse } from "../limits.js";

/** The parts of a PNG that matter for its pixels. */
export interface PngParts {
  readonly width: number;
  readonly height: number;
  /** Bits a channel: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colorType: number;
  readonly interlaced: boolean;
  /** Red, green, blue per color. */
  readonly palette: Uint8Array | undefined;
  /** Opacity per color of the palette, or the one transparent grey or RGB value as 16-bit numbers. */
  readonly transparency: Uint8Array | undefined;
  /** EXIF data, from the byte order mark on. */
  readonly exif: Uint8Array | undefined;
  /** The compressed pixels, in pieces. */
  readonly compressed: readonly Uint8Array[];
}

const depthsOfColorType: Record<number, readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

const kept: ReadonlySet<string> = new Set(["IHDR", "PLTE", "tRNS", "eXIf"]);

/**
 * Splits a PNG into its chunks (ISO 15948, clause 5) and checks those that matter.
 *
 * @param bytes - the whole file
 * @returns the parts
 * @throws Error when a chunk is missing, cut off, damaged or impossible
 */
export function readChunks(bytes: Uint8Array): PngParts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Uint8Array>();
  const compressed: Uint8Array[] = [];
  let name = "";
  for (let at = 8; name !== "IEND"; ) {
    if (at + 12 > bytes.length) refuse("it is cut off: its end chunk is missing");
    const length = view.getUint32(at);
    name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + 8 + length;
    if (end + 4 > bytes.length) refuse(`it is cut off: its ${name.trim() || "next"} chunk is incomplete`);
    if (at === 8 && name !== "IHDR") refuse("it does not begin with its header");
    const checked = name === "IDAT" || name === "IEND" || kept.has(name);
    if (checked && crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      refuse(`it is damaged: the checksum of its ${name} chunk is wrong`);
    }
    const chunk = bytes.subarray(at + 8, end);
    if (name === "IHDR") checkHeader(chunk);
    if (name === "IDAT") compressed.push(chunk);
    else if (kept.has(name) && !found.has(name)) found.set(name, chunk);
    at = end + 4;
  }
  const header = found.get("IHDR") as Uint8Array;
  const palette = found.get("PLTE");
  if (header[9] === 3 && !palette) refuse("its palette is missing");
  if (palette && palette.length % 3 !== 0) refuse("it is damaged: its palette is incomplete");
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: header[8],
    colorType: header[9],
    interlaced: header[12] === 1,
    palette,
    transparency: found.get("tRNS"),
    exif: found.get("eXIf"),
    compressed,
  };
}

function checkHeader(chunk: Uint8Array): void {
  if (chunk.length !== 13) refuse("it is damaged: its header has the wrong length");
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  checkPixels(view.getUint32(0), view.getUint32(4));
  const [depth, colorType, compression, filter, interlace] = chunk.subarray(8);
  if (!depthsOfColorType[colorType]?.includes(depth) || compression > 0 || filter > 0 || interlace > 1) {
    refuse("it is damaged: its header names no known kind of PNG");
  }
}
