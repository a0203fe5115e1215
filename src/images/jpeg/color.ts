import type { Image } from "../../core/image.js";
import { rowEnlarger } from "./enlarge.js";
import type { Frame } from "./frame.js";
import { halvedToRgb, isHalved } from "./halved.js";
import { blueOf, greenOf, redOf } from "./ycc.js";

/** What the components of a JPEG stand for. */
export type ColorCoding = "grey" | "ycc" | "rgb" | "cmyk" | "ycck";

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
  const data = new Uint8ClampedArray(width * height * channels);
  const image = { width, height, channels, data: new Uint8Array(data.buffer) } as const;
  if (coding === "ycc" && isHalved(frame)) {
    halvedToRgb(frame, image.data);
    return image;
  }
  const enlargers = frame.components.map((component) => rowEnlarger(component, frame));
  const padded = frame.mcusWide * frame.maxAcross * 8;
  const rows = frame.components.map(() => new Uint8ClampedArray(padded));
  for (let y = 0; y < height; y++) {
    for (let c = 0; c < rows.length; c++) enlargers[c](y, rows[c]);
    const out = data.subarray(y * width * channels, (y + 1) * width * channels);
    if (coding === "grey") out.set(rows[0].subarray(0, width));
    else if (coding === "rgb") interleave(rows, out);
    else {
      if (coding === "cmyk") interleave(rows, out);
      else fromYcc(rows[0], rows[1], rows[2], out);
      if (coding === "ycck") for (let i = 0; i < out.length; i++) out[i] = 255 - out[i];
      if (coding !== "ycc") mixBlack(out, rows[3]);
    }
  }
  return image;
}

function interleave(rows: readonly Uint8ClampedArray[], out: Uint8ClampedArray): void {
  for (let x = 0, to = 0; to < out.length; x++, to += 3) {
    out[to] = rows[0][x];
    out[to + 1] = rows[1][x];
    out[to + 2] = rows[2][x];
  }
}

function fromYcc(
  luma: Uint8ClampedArray,
  cb: Uint8ClampedArray,
  cr: Uint8ClampedArray,
  out: Uint8ClampedArray,
): void {
  for (let x = 0, to = 0; to < out.length; x++, to += 3) {
    const y = luma[x];
    const blue = cb[x];
    const red = cr[x];
    out[to] = y + redOf(red);
    out[to + 1] = y + greenOf(blue, red);
    out[to + 2] = y + blueOf(blue);
  }
}

/** From inverted cyan, magenta, yellow and black to red, green and blue. */
function mixBlack(out: Uint8ClampedArray, black: Uint8ClampedArray): void {
  for (let x = 0, to = 0; to < out.length; x++, to += 3) {
    const light = black[x];
    for (let c = to; c < to + 3; c++) {
      const product = (255 - out[c]) * light + 128;
      out[c] = light - ((product + (product >> 8)) >> 8);
    }
  }
}
