import type { Component, Frame } from "./frame.js";

/** Writes one full-size row of a component, at least as wide as the image. */
export type RowEnlarger = (y: number, out: Uint8ClampedArray) => void;

/**
 * Brings a component to full size row by row as libjpeg does with "fancy upsampling": a triangle filter for factors of
 * 2, repetition for others and for components up to 2 samples wide.
 *
 * @param component - the component, with its samples decoded
 * @param frame - gives the largest sampling factors
 * @returns the function that writes a row
 */
export function rowEnlarger(component: Component, frame: Frame): RowEnlarger {
  const { samples, width, height, paddedWide } = component;
  const rowLength = paddedWide * 8;
  const wider = frame.maxAcross / component.across;
  const taller = frame.maxDown / component.down;
  const row = (y: number) => samples.subarray(y * rowLength, (y + 1) * rowLength);
  const neighbor = (y: number) => {
    const near = y >> 1;
    return row(y % 2 === 0 ? Math.max(0, near - 1) : Math.min(height - 1, near + 1));
  };
  if (wider === 1 && taller === 1) return (y, out) => out.set(row(y));
  if (wider === 1 && taller === 2) {
    return (y, out) => {
      const near = row(y >> 1);
      const far = neighbor(y);
      const bias = y % 2 === 0 ? 1 : 2;
      for (let x = 0; x < width; x++) out[x] = (3 * near[x] + far[x] + bias) >> 2;
    };
  }
  if (wider === 2 && taller === 1 && width > 2) return (y, out) => doubleRow(row(y), width, out);
  if (wider === 2 && taller === 2 && width > 2) {
    const sums = new Int32Array(width);
    return (y, out) => {
      const near = row(y >> 1);
      const far = neighbor(y);
      for (let x = 0; x < width; x++) sums[x] = 3 * near[x] + far[x];
      doubleSums(sums, out);
    };
  }
  return (y, out) => {
    const source = row(Math.floor(y / taller));
    for (let x = 0; x < frame.width; x++) out[x] = source[Math.floor(x / wider)];
  };
}

function doubleRow(row: Uint8ClampedArray, width: number, out: Uint8ClampedArray): void {
  out[0] = row[0];
  for (let x = 0; x < width - 1; x++) {
    out[2 * x + 1] = (3 * row[x] + row[x + 1] + 2) >> 2;
    out[2 * x + 2] = (3 * row[x + 1] + row[x] + 1) >> 2;
  }
  out[2 * width - 1] = row[width - 1];
}

function doubleSums(sums: Int32Array, out: Uint8ClampedArray): void {
  const last = sums.length - 1;
  out[0] = (4 * sums[0] + 8) >> 4;
  for (let x = 0; x < last; x++) {
    out[2 * x + 1] = (3 * sums[x] + sums[x + 1] + 7) >> 4;
    out[2 * x + 2] = (3 * sums[x + 1] + sums[x] + 8) >> 4;
  }
  out[2 * last + 1] = (4 * sums[last] + 7) >> 4;
}
