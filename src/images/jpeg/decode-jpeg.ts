import type { Image } from "../../core/image.js";
import { refuse } from "../limits.js";
import { exifOrientation, turn } from "../orientation.js";
import { type ColorCoding, toImage } from "./color.js";
import { type Component, type Frame, readFrame } from "./frame.js";
import { HuffmanTable } from "./huffman.js";
import { decodeScan, finishComponent } from "./scan.js";
import { rowOrder } from "./zigzag.js";

/** Scans read of one file: far more than any encoder writes, few enough to be quick on a file made to be slow. */
const scanLimit = 100;

/** What the segments before the pixel data have said. */
interface State {
  frame: Frame | undefined;
  restartInterval: number;
  scans: number;
  orientation: number;
  jfif: boolean;
  adobeTransform: number | undefined;
  readonly quants: (Uint16Array | undefined)[];
  readonly dcTables: (HuffmanTable | undefined)[];
  readonly acTables: (HuffmanTable | undefined)[];
}

/**
 * Reads a JPEG: baseline or progressive, 8 bits, grey, YCbCr, RGB, CMYK or YCCK, with the orientation of its EXIF data.
 *
 * Transform, chroma enlargement ("fancy", triangle) and color conversion are integer for integer those of libjpeg with
 * its usual settings, so that pixels equal Pillow's. CMYK is read as Adobe writes it, inverted.
 *
 * @param bytes - the whole file
 * @returns a grey or RGB image
 * @throws Error with the reason as its message, also for files that lack a part
 */
export function decodeJpeg(bytes: Uint8Array): Image {
  const state: State = {
    frame: undefined,
    restartInterval: 0,
    scans: 0,
    orientation: 1,
    jfif: false,
    adobeTransform: undefined,
    quants: [],
    dcTables: [],
    acTables: [],
  };
  for (let position = 2; ; ) {
    const at = nextMarker(bytes, position);
    const marker = bytes[at];
    if (marker === 0xd9) break;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      position = at + 1;
      continue;
    }
    const length = (bytes[at + 1] << 8) | bytes[at + 2];
    const end = at + 1 + length;
    if (!(length >= 2 && end <= bytes.length)) cutOff();
    const segment = bytes.subarray(at + 3, end);
    position = marker === 0xda ? readScan(bytes, end, segment, state) : end;
    readSegment(marker, segment, state, bytes.length);
  }
  const { frame } = state;
  if (!frame || state.scans === 0) return refuse("it holds no picture");
  if (frame.components.some((c) => !c.quant)) refuse("it is damaged: one of its channels is missing");
  for (const component of frame.components) finishComponent(component);
  return turn(toImage(frame, colorCoding(frame, state)), state.orientation);
}

function cutOff(): never {
  return refuse("it is cut off: its end marker is missing");
}

function nextMarker(bytes: Uint8Array, from: number): number {
  for (let i = bytes.indexOf(0xff, from); i >= 0; i = bytes.indexOf(0xff, i + 1)) {
    const next = bytes[i + 1];
    if (next !== undefined && next !== 0 && next !== 0xff) return i + 1;
  }
  return cutOff();
}

function readSegment(marker: number, segment: Uint8Array, state: State, fileBytes: number): void {
  if (marker >= 0xc0 && marker <= 0xc2) {
    if (state.frame) refuse("it holds two pictures in one");
    state.frame = readFrame(segment, marker === 0xc2, fileBytes);
  } else if (marker === 0xc4) readHuffmanTables(segment, state);
  else if (marker > 0xc4 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) {
    refuse("its kind of JPEG (lossless, hierarchical or arithmetic) is not read; save it as baseline");
  } else if (marker === 0xc3) refuse("its kind of JPEG (lossless) is not read; save it as baseline");
  else if (marker === 0xdb) readQuants(segment, state);
  else if (marker === 0xdd) state.restartInterval = (segment[0] << 8) | segment[1];
  else if (marker === 0xe0) state.jfif ||= startsWith(segment, "JFIF\0");
  else if (marker === 0xe1 && startsWith(segment, "Exif\0\0")) {
    state.orientation = exifOrientation(segment);
  } else if (marker === 0xee && startsWith(segment, "Adobe") && segment.length >= 12) {
    state.adobeTransform = segment[11];
  }
}

function startsWith(segment: Uint8Array, text: string): boolean {
  return [...text].every((c, i) => segment[i] === c.charCodeAt(0));
}

function readQuants(segment: Uint8Array, state: State): void {
  for (let at = 0; at < segment.length; ) {
    const wide = segment[at] >> 4 !== 0;
    const table = new Uint16Array(64);
    if (at + 1 + (wide ? 128 : 64) > segment.length)
      refuse("it is damaged: a quantization table is incomplete");
    for (let k = 0; k < 64; k++) {
      const i = at + 1 + (wide ? 2 * k : k);
      table[rowOrder[k]] = wide ? (segment[i] << 8) | segment[i + 1] : segment[i];
    }
    state.quants[segment[at] & 3] = table;
    at += wide ? 129 : 65;
  }
}

function readHuffmanTables(segment: Uint8Array, state: State): void {
  for (let at = 0; at < segment.length; ) {
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, n) => sum + n, 0);
    if (at + 17 + total > segment.length || total > 256)
      refuse("it is damaged: a Huffman table is incomplete");
    const tables = segment[at] >> 4 === 0 ? state.dcTables : state.acTables;
    tables[segment[at] & 3] = new HuffmanTable(counts, segment.subarray(at + 17, at + 17 + total));
    at += 17 + total;
  }
}

function readScan(bytes: Uint8Array, start: number, segment: Uint8Array, state: State): number {
  const { frame } = state;
  const count = segment[0];
  if (!frame || !(count >= 1 && count <= 4) || segment.length < 4 + 2 * count) {
    return refuse("it is damaged: a scan's header is impossible");
  }
  if (++state.scans > scanLimit) refuse(`it has more than ${scanLimit} scans`);
  const [first, last, bits] = segment.subarray(1 + 2 * count);
  const range = frame.progressive
    ? { first, last, before: bits >> 4, bit: bits & 15 }
    : { first: 0, last: 63, before: 0, bit: 0 };
  if (frame.progressive && !validRange(range, count)) refuse("it is damaged: a scan's header is impossible");
  const components = Array.from({ length: count }, (_, i) => {
    const component = frame.components.find((c) => c.id === segment[1 + 2 * i]);
    if (!component) return refuse("it is damaged: a scan names an unknown channel");
    const tables = segment[2 + 2 * i];
    takeTables(component, state, tables >> 4, tables & 15);
    const needsDc = range.first === 0 && range.before === 0;
    if ((needsDc && !component.dcTable) || (range.last > 0 && !component.acTable)) {
      refuse("it is damaged: a Huffman table is missing");
    }
    return component;
  });
  return decodeScan(bytes, start, frame, components, range, state.restartInterval);
}

function takeTables(component: Component, state: State, dc: number, ac: number): void {
  component.quant ??= state.quants[component.quantIndex];
  if (!component.quant) refuse("it is damaged: a quantization table is missing");
  component.dcTable = state.dcTables[dc];
  component.acTable = state.acTables[ac];
}

function validRange(
  range: { first: number; last: number; before: number; bit: number },
  count: number,
): boolean {
  const { first, last, before, bit } = range;
  const coefficients = first === 0 ? last === 0 : first <= last && last <= 63 && count === 1;
  return coefficients && bit <= 13 && (before === 0 || before === bit + 1);
}

function colorCoding(frame: Frame, state: State): ColorCoding {
  const ids = frame.components.map((c) => c.id);
  if (ids.length === 1) return "grey";
  if (ids.length === 4) return state.adobeTransform === 2 ? "ycck" : "cmyk";
  if (state.jfif) return "ycc";
  if (state.adobeTransform !== undefined) return state.adobeTransform === 0 ? "rgb" : "ycc";
  return String.fromCharCode(...ids) === "RGB" ? "rgb" : "ycc";
}
