import type { Component, Frame } from "./frame.js";
import { blueOf, greenOf, redOf } from "./ycc.js";

/**
 * @param frame - a frame of three components
 * @returns whether both chroma components have half the luma's width and height and are wide enough for the triangle filter
 */
export function isHalved({ components, maxAcross, maxDown }: Frame): boolean {
  const [luma, ...chroma] = components;
  return (
    luma.across === maxAcross &&
    luma.down === maxDown &&
    chroma.every((c) => 2 * c.across === maxAcross && 2 * c.down === maxDown && c.width > 2)
  );
}

/**
 * Enlarges chroma of half size with libjpeg's triangle filter and converts to RGB, in one pass.
 *
 * @param frame - a frame for which `isHalved` holds, with its samples decoded
 * @param out - receives height x width x 3
 */
export function halvedToRgb(frame: Frame, out: Uint8ClampedArray): void {
  const [luma, cb, cr] = frame.components;
  for (let y = 0; y < frame.height; y++) {
    const near = y >> 1;
    const far = y % 2 === 0 ? Math.max(0, near - 1) : Math.min(cb.height - 1, near + 1);
    halvedRow(luma, y, cb, cr, near, far, out, y * frame.width * 3, frame.width);
  }
}

function halvedRow(
  { samples: lumaSamples, paddedWide }: Component,
  y: number,
  { samples: blues, paddedWide: chromaWide, width: count }: Component,
  { samples: reds }: Component,
  near: number,
  far: number,
  out: Uint8ClampedArray,
  start: number,
  width: number,
): void {
  let l = y * paddedWide * 8;
  let n = near * chromaWide * 8;
  let f = far * chromaWide * 8;
  let to = start;
  let blue = 3 * blues[n] + blues[f];
  let red = 3 * reds[n] + reds[f];
  let blueBefore = blue;
  let redBefore = red;
  for (let x = 1; x <= count; x++) {
    n++;
    f++;
    // At both ends of a row the filter meets a copy of the last sample.
    const blueAfter = x < count ? 3 * blues[n] + blues[f] : blue;
    const redAfter = x < count ? 3 * reds[n] + reds[f] : red;
    let b = (3 * blue + blueBefore + 8) >> 4;
    let r = (3 * red + redBefore + 8) >> 4;
    let level = lumaSamples[l];
    out[to] = level + redOf(r);
    out[to + 1] = level + greenOf(b, r);
    out[to + 2] = level + blueOf(b);
    if (2 * x <= width) {
      b = (3 * blue + blueAfter + 7) >> 4;
      r = (3 * red + redAfter + 7) >> 4;
      level = lumaSamples[l + 1];
      out[to + 3] = level + redOf(r);
      out[to + 4] = level + greenOf(b, r);
      out[to + 5] = level + blueOf(b);
    }
    l += 2;
    to += 6;
    blueBefore = blue;
    blue = blueAfter;
    redBefore = red;
    red = redAfter;
  }
}
