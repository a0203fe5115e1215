import { inflateSync } from "node:zlib";
import type { Image } from "../../core/image.js";
import { refuse } from "../limits.js";
import { exifOrientation, turn } from "../orientation.js";
import { flatten, toEightBits } from "../samples.js";
import { type PngParts, readChunks } from "./chunks.js";
import { unfilter } from "./unfilter.js";

/** Deflate cannot shrink data to less than this fraction. */
const deflateLimit = 1032;

/** Bytes after the last pixel that are tolerated, as other readers do. */
const surplus = 65536;

const samplesOfColorType: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** First column, first row, column step and row step of the seven passes (ISO 15948, clause 8). */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

interface Pass {
  readonly left: number;
  readonly top: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly width: number;
  readonly height: number;
  readonly rowBytes: number;
}

/**
 * Reads a PNG of any kind: 1 to 16 bits, grey, RGB or palette, with or without alpha, interlaced or not.
 *
 * 16 bits are scaled to 8, alpha is composited on white, color profiles are ignored. Of an animation the still picture
 * is read.
 *
 * @param bytes - the whole file
 * @returns a grey or RGB image
 * @throws Error with the reason as its message, also for files that lack a part
 */
export function decodePng(bytes: Uint8Array): Image {
  const parts = readChunks(bytes);
  const { width, height } = parts;
  const samples = samplesOfColorType[parts.colorType];
  const bits = samples * parts.depth;
  const passes = passesOf(parts, bits);
  const size = passes.reduce((sum, pass) => sum + pass.height * (pass.rowBytes + 1), 0);
  const data = inflate(parts, size);
  const values = new (parts.depth === 16 ? Uint16Array : Uint8Array)(width * height * samples);
  let at = 0;
  for (const pass of passes) {
    unfilter(data, at, pass.height, pass.rowBytes, Math.max(1, bits >> 3));
    for (let y = 0; y < pass.height; y++) {
      const row = data.subarray(at + 1, at + 1 + pass.rowBytes);
      spread(row, values, pass, y, width, samples, parts.depth);
      at += pass.rowBytes + 1;
    }
  }
  const image = { width, height, ...toPixels(parts, values) };
  return turn(image, parts.exif ? exifOrientation(parts.exif) : 1);
}

function passesOf({ width, height, interlaced }: PngParts, bits: number): Pass[] {
  const steps = interlaced ? adam7 : ([[0, 0, 1, 1]] as const);
  return steps
    .map(([left, top, stepX, stepY]) => {
      const passWidth = Math.ceil((width - left) / stepX);
      const passHeight = Math.ceil((height - top) / stepY);
      const rowBytes = Math.ceil((passWidth * bits) / 8);
      return { left, top, stepX, stepY, width: passWidth, height: passHeight, rowBytes };
    })
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

function inflate(parts: PngParts, size: number): Uint8Array {
  const compressed = Buffer.concat(parts.compressed);
  if ((compressed.length + 1) * deflateLimit < size) {
    refuse(`it is cut off: ${compressed.length} bytes cannot hold ${parts.width} x ${parts.height} pixels`);
  }
  let data: Uint8Array;
  try {
    data = inflateSync(compressed, {
      maxOutputLength: size + surplus,
      chunkSize: Math.min(Math.max(size + 64, 64), 1 << 20),
    });
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "Z_BUF_ERROR") refuse("it is cut off: its pixel data ends too early");
    if (code === "ERR_BUFFER_TOO_LARGE") refuse("it holds more pixel data than its header says");
    return refuse("it is damaged: its pixel data cannot be decompressed");
  }
  if (data.length < size) refuse("it is cut off: it holds less pixel data than its header says");
  return data;
}

/** Puts the samples of a row to their places, one per element. */
function spread(
  row: Uint8Array,
  values: Uint8Array | Uint16Array,
  pass: Pass,
  y: number,
  width: number,
  samples: number,
  depth: number,
): void {
  let to = ((pass.top + y * pass.stepY) * width + pass.left) * samples;
  if (depth === 8 && pass.stepX === 1) {
    values.set(row, to);
    return;
  }
  const step = (pass.stepX - 1) * samples;
  const perByte = 8 / depth;
  const mask = (1 << depth) - 1;
  let from = 0;
  for (let x = 0; x < pass.width; x++, to += step) {
    for (let s = 0; s < samples; s++, from++) {
      if (depth === 8) values[to++] = row[from];
      else if (depth === 16) values[to++] = (row[2 * from] << 8) | row[2 * from + 1];
      else values[to++] = (row[Math.floor(from / perByte)] >> (8 - depth * (1 + (from % perByte)))) & mask;
    }
  }
}

function toPixels(parts: PngParts, values: Uint8Array | Uint16Array): Pick<Image, "channels" | "data"> {
  const { colorType, depth, palette, transparency } = parts;
  if (colorType === 3) return fromPalette(values, palette as Uint8Array, transparency);
  const data = toEightBits(values, depth);
  const color = colorType === 2 || colorType === 6 ? 3 : 1;
  if (colorType >= 4) return flatten(data, color);
  if (transparency && transparency.length >= 2 * color) clearColor(data, values, color, transparency);
  return { channels: color, data };
}

/** Makes the pixels of the one transparent color white. */
function clearColor(
  data: Uint8Array,
  values: Uint8Array | Uint16Array,
  color: 1 | 3,
  transparency: Uint8Array,
): void {
  const key = Array.from({ length: color }, (_, c) => (transparency[2 * c] << 8) | transparency[2 * c + 1]);
  for (let i = 0; i < data.length; i += color) {
    if (key.every((value, c) => values[i + c] === value)) data.fill(255, i, i + color);
  }
}

function fromPalette(
  indices: Uint8Array | Uint16Array,
  palette: Uint8Array,
  opacities: Uint8Array | undefined,
): Pick<Image, "channels" | "data"> {
  const colors = palette.length / 3;
  const rgba = new Uint8Array(colors * 4);
  for (let i = 0; i < colors; i++) {
    rgba.set(palette.subarray(3 * i, 3 * i + 3), 4 * i);
    rgba[4 * i + 3] = opacities?.[i] ?? 255;
  }
  const table = flatten(rgba, 3).data;
  const data = new Uint8Array(indices.length * 3);
  for (let i = 0, to = 0; i < indices.length; i++) {
    const from = indices[i] * 3;
    if (from >= table.length) refuse(`it is damaged: it uses color ${indices[i]} of a palette of ${colors}`);
    data[to++] = table[from];
    data[to++] = table[from + 1];
    data[to++] = table[from + 2];
  }
  return { channels: 3, data };
}
