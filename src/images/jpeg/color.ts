import type { Image } from "../../core/image.js";
import { rowEnlarger } from "./enlarge.js";
import type { Frame } from "./frame.js";

/** What the components of a JPEG stand for. */
export type ColorCoding = "grey" | "ycc" | "rgb" | "cmyk" | "ycck";

const fractionBits = 16;
const half = 1 << (fractionBits - 1);

function fixed(value: number): number {
  return Math.trunc(value * (1 << fractionBits) + 0.5);
}

function table(of: (centered: number) => number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, level) => of(level - 128));
}

/** Contributions of the two chroma values to red, green (both, with fraction bits) and blue. */
const redOfCr = table((x) => (Math.imul(fixed(1.402), x) + half) >> fractionBits);
const greenOfCr = table((x) => -Math.imul(fixed(0.71414), x));
const greenOfCb = table((x) => -Math.imul(fixed(0.34414), x) + half);
const blueOfCb = table((x) => (Math.imul(fixed(1.772), x) + half) >> fractionBits);

function clamp(value: number): number {
  return value < 0 ? 0 : Math.min(value, 255);
}

/**
 * Brings all components to full size and converts them to grey or RGB.
 *
 * @param frame - the frame, with its samples decoded
 * @param coding - what the components stand for
 * @returns the image
 */
export function toImage(frame: Frame, coding: ColorCoding): Image {
  const { width, height } = frame;
  const channels = coding === "grey" ? 1 : 3;
  const data = new Uint8Array(width * height * channels);
  const enlargers = frame.components.map((component) => rowEnlarger(component, frame));
  const padded = frame.mcusWide * frame.maxAcross * 8;
  const rows = frame.components.map(() => new Uint8Array(padded));
  for (let y = 0; y < height; y++) {
    for (let c = 0; c < rows.length; c++) enlargers[c](y, rows[c]);
    const out = data.subarray(y * width * channels, (y + 1) * width * channels);
    if (coding === "grey") out.set(rows[0].subarray(0, width));
    else if (coding === "rgb") interleave(rows, out);
    else {
      if (coding === "cmyk") interleave(rows, out);
      else fromYcc(rows, out);
      if (coding === "ycck") for (let i = 0; i < out.length; i++) out[i] = 255 - out[i];
      if (coding !== "ycc") mixBlack(out, rows[3]);
    }
  }
  return { width, height, channels, data };
}

function interleave(rows: readonly Uint8Array[], out: Uint8Array): void {
  for (let x = 0, to = 0; to < out.length; x++, to += 3) {
    out[to] = rows[0][x];
    out[to + 1] = rows[1][x];
    out[to + 2] = rows[2][x];
  }
}

function fromYcc([luma, cb, cr]: readonly Uint8Array[], out: Uint8Array): void {
  for (let x = 0, to = 0; to < out.length; x++, to += 3) {
    const y = luma[x];
    const blue = cb[x];
    const red = cr[x];
    out[to] = clamp(y + redOfCr[red]);
    out[to + 1] = clamp(y + ((greenOfCb[blue] + greenOfCr[red]) >> fractionBits));
    out[to + 2] = clamp(y + blueOfCb[blue]);
  }
}

/** From inverted cyan, magenta, yellow and black to red, green and blue. */
function mixBlack(out: Uint8Array, black: Uint8Array): void {
  for (let x = 0, to = 0; to < out.length; x++, to += 3) {
    const light = black[x];
    for (let c = to; c < to + 3; c++) {
      const product = (255 - out[c]) * light + 128;
      out[c] = clamp(light - ((product + (product >> 8)) >> 8));
    }
  }
}
