import type { Component, Frame } from "./frame.js";
import { halvedRow } from "./halved-wasm.js";

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
export function halvedToRgb(frame: Frame, out: Uint8Array): void {
  const { width, height } = frame;
  const [luma, ...chroma] = frame.components;
  const row = halvedRow(width);
  const converted = row.out.subarray(0, 3 * width);
  for (let y = 0; y < height; y++) {
    const near = y >> 1;
    for (const [c, component] of chroma.entries()) {
      const far = y % 2 === 0 ? Math.max(0, near - 1) : Math.min(component.height - 1, near + 1);
      if (y % 2 === 0) copyRow(component, near, row.near[c]);
      copyRow(component, far, row.far[c]);
    }
    const start = y * luma.paddedWide * 8;
    row.luma.set(luma.samples.subarray(start, start + width));
    row.convert(width);
    out.set(converted, y * 3 * width);
  }
}

/** At both ends of a row the filter meets a copy of the last sample. */
function copyRow({ samples, paddedWide, width }: Component, y: number, to: Uint8Array): void {
  const start = y * paddedWide * 8;
  to.set(samples.subarray(start, start + width), 1);
  to[0] = to[1];
  to[width + 1] = to[width];
}
