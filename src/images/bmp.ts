import type { Image } from "../core/image.js";
import { checkPixels, refuse } from "./limits.js";
import { onWhite } from "./samples.js";

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly colorsUsed: number;
  readonly headerBytes: number;
  readonly pixelOffset: number;
}

/** Bits that hold one color in a pixel word. */
interface Mask {
  readonly shift: number;
  readonly max: number;
}

const uncompressed = 0;
const bitFields = 3;
const alphaBitFields = 6;

/**
 * Reads a BMP: 1, 4, 8 (palette), 16, 24 or 32 bits a pixel, uncompressed, bottom-up or top-down.
 *
 * Alpha counts only where the header names a mask for it; other fourth bytes are padding.
 *
 * @param bytes - the whole file
 * @returns an RGB image, or grey when the palette holds only greys
 * @throws Error with the reason as its message
 */
export function decodeBmp(bytes: Uint8Array): Image {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view);
  const { width, height, bits, pixelOffset } = header;
  checkPixels(width, height);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const last = Math.ceil((width * bits) / 8);
  if (pixelOffset + rowBytes * (height - 1) + last > bytes.length) {
    refuse(
      `it is cut off: ${width} x ${height} pixels need ${pixelOffset + rowBytes * height} bytes, it has ${bytes.length}`,
    );
  }
  return bits <= 8 ? readPalette(bytes, header, rowBytes) : readDirect(view, header, rowBytes);
}

function readHeader(view: DataView): Header {
  if (view.byteLength < 26) refuse("it ends inside its header");
  const pixelOffset = view.getUint32(10, true);
  const headerBytes = view.getUint32(14, true);
  if (14 + headerBytes > view.byteLength) refuse("it ends inside its header");
  if (headerBytes === 12) {
    return {
      width: view.getUint16(18, true),
      height: view.getUint16(20, true),
      topDown: false,
      bits: checkBits(view.getUint16(24, true), uncompressed),
      compression: uncompressed,
      colorsUsed: 0,
      headerBytes,
      pixelOffset,
    };
  }
  if (headerBytes < 40) refuse(`its header of ${headerBytes} bytes is of no known kind`);
  const signedHeight = view.getInt32(22, true);
  const compression = view.getUint32(30, true);
  return {
    width: view.getInt32(18, true),
    height: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bits: checkBits(view.getUint16(28, true), compression),
    compression,
    colorsUsed: view.getUint32(46, true),
    headerBytes,
    pixelOffset,
  };
}

function checkBits(bits: number, compression: number): number {
  if (![1, 4, 8, 16, 24, 32].includes(bits))
    refuse(`it has ${bits} bits a pixel; 1, 4, 8, 16, 24 and 32 are read`);
  const masked =
    (compression === bitFields || compression === alphaBitFields) && (bits === 16 || bits === 32);
  if (compression !== uncompressed && !masked) {
    refuse(`its compression (method ${compression}) is not read; save it uncompressed`);
  }
  return bits;
}

function readPalette(bytes: Uint8Array, header: Header, rowBytes: number): Image {
  const { width, height, topDown, bits, pixelOffset } = header;
  const entryBytes = header.headerBytes === 12 ? 3 : 4;
  const start = 14 + header.headerBytes;
  const room = Math.max(0, Math.floor((pixelOffset - start) / entryBytes));
  const colors = Math.min(header.colorsUsed || 2 ** bits, 2 ** bits, room);
  const palette = new Uint8Array(3 * 2 ** bits);
  let grey = true;
  for (let i = 0; i < colors; i++) {
    const at = start + i * entryBytes;
    for (let c = 0; c < 3; c++) palette[3 * i + c] = bytes[at + 2 - c];
    grey &&= bytes[at] === bytes[at + 1] && bytes[at] === bytes[at + 2];
  }
  const channels = grey ? 1 : 3;
  const data = new Uint8Array(width * height * channels);
  const mask = 2 ** bits - 1;
  const perByte = 8 / bits;
  for (let y = 0, to = 0; y < height; y++) {
    const row = pixelOffset + rowBytes * (topDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) {
      const shift = bits * (perByte - 1 - (x % perByte));
      const index = (bytes[row + Math.floor(x / perByte)] >> shift) & mask;
      if (index >= colors) refuse(`it uses color ${index} of a palette of ${colors}`);
      for (let c = 0; c < channels; c++) data[to++] = palette[3 * index + c];
    }
  }
  return { width, height, channels, data };
}

function readDirect(view: DataView, header: Header, rowBytes: number): Image {
  const { width, height, topDown, bits, pixelOffset } = header;
  const [red, green, blue, alpha] = readMasks(view, header);
  const data = new Uint8Array(width * height * 3);
  const pixelBytes = bits / 8;
  for (let y = 0, to = 0; y < height; y++) {
    let at = pixelOffset + rowBytes * (topDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++, to += 3, at += pixelBytes) {
      if (bits === 24) {
        data[to] = view.getUint8(at + 2);
        data[to + 1] = view.getUint8(at + 1);
        data[to + 2] = view.getUint8(at);
        continue;
      }
      const word = bits === 16 ? view.getUint16(at, true) : view.getUint32(at, true);
      const opacity = alpha.max > 0 ? level(word, alpha) : 255;
      data[to] = onWhite(level(word, red), opacity);
      data[to + 1] = onWhite(level(word, green), opacity);
      data[to + 2] = onWhite(level(word, blue), opacity);
    }
  }
  return { width, height, channels: 3, data };
}

function readMasks(view: DataView, header: Header): Mask[] {
  if (header.compression === uncompressed) {
    const words = header.bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
    return words.map(toMask);
  }
  const withAlpha = header.headerBytes >= 56 || header.compression === alphaBitFields;
  if (view.byteLength < 70) refuse("it ends inside its header");
  return [54, 58, 62]
    .map((at) => toMask(view.getUint32(at, true)))
    .concat(toMask(withAlpha ? view.getUint32(66, true) : 0));
}

function toMask(word: number): Mask {
  if (word === 0) return { shift: 0, max: 0 };
  const shift = 31 - Math.clz32(word & -word);
  return { shift, max: word >>> shift };
}

function level(word: number, mask: Mask): number {
  return mask.max === 0 ? 0 : Math.round((((word >>> mask.shift) & mask.max) / mask.max) * 255);
}
