import type { Image } from "../core/image.js";
import { integerIn, oneOf } from "../core/options.js";
import { axisTaps, type ResizeFilter, resizeFilters, type Taps, weightBits } from "./coefficients.js";
import { pixelLimit } from "./limits.js";

/** A rectangle of pixels. */
export interface Window {
  /** First column. */
  readonly left: number;
  /** First row. */
  readonly top: number;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/**
 * Resizes an image with exactly the arithmetic of Pillow's `Image.resize` for 8-bit images.
 *
 * Columns first, then rows, each with its filter stretched by the scale when shrinking (antialiasing) and rounded to
 * 8 bits. Pixel centres lie at half-integers. An axis that keeps its length is left alone.
 *
 * @param image - the image, grey or RGB
 * @param width - width wanted, in pixels
 * @param height - height wanted, in pixels
 * @param filter - "bilinear" (triangle), "bicubic" (a = -0.5) or "nearest"
 * @returns a new image with the same channels
 * @throws RangeError for a size below 1 or above the pixel limit, or an unknown filter
 */
export function resize(
  image: Image,
  width: number,
  height: number,
  filter: ResizeFilter = "bilinear",
): Image {
  integerIn("width", width, 1, pixelLimit);
  integerIn("height", height, 1, pixelLimit);
  return resizeWindow(image, width, height, filter, { left: 0, top: 0, width, height });
}

/**
 * Part of a resized image: the same pixels as resizing the whole and cropping, at the cost of the part.
 *
 * @param image - the image, grey or RGB
 * @param width - width of the whole resized image, in pixels
 * @param height - height of the whole resized image, in pixels
 * @param filter - the filter, as for `resize`
 * @param window - the part wanted, in pixels of the resized image
 * @returns a new image of the window's size with the same channels
 * @throws RangeError when the window is not inside the resized image or exceeds the pixel limit
 */
export function resizeWindow(
  image: Image,
  width: number,
  height: number,
  filter: ResizeFilter,
  window: Window,
): Image {
  oneOf("resize filter", filter, resizeFilters);
  const { left, top } = window;
  if (!(left >= 0 && top >= 0 && left + window.width <= width && top + window.height <= height)) {
    throw new RangeError(
      `the window must lie inside the resized image of ${width} x ${height} pixels; got ${window.width} x ${window.height} at column ${left}, row ${top}`,
    );
  }
  if (window.width * window.height > pixelLimit) {
    throw new RangeError(
      `a resized image may have at most ${pixelLimit} pixels; got ${window.width} x ${window.height}: crop it or choose a smaller size`,
    );
  }
  const rows = axisTaps(image.height, height, filter, top, window.height);
  const firstRow = rows.first[0];
  const lastRow = rows.first[window.height - 1] + rows.count[window.height - 1];
  const columns = axisTaps(image.width, width, filter, left, window.width);
  const wide = resampleRows(image, columns, window.width, firstRow, lastRow - firstRow);
  const data = resampleColumns(wide, rows, window.width * image.channels, window.height, firstRow);
  return { width: window.width, height: window.height, channels: image.channels, data };
}

const half = 1 << (weightBits - 1);

function clamp(value: number): number {
  return value < 0 ? 0 : Math.min(value, 255);
}

function resampleRows(image: Image, taps: Taps, width: number, firstRow: number, rows: number): Uint8Array {
  const { first, count, weights, stride } = taps;
  const { channels, data } = image;
  const out = new Uint8Array(rows * width * channels);
  let to = 0;
  for (let y = firstRow; y < firstRow + rows; y++) {
    const row = y * image.width * channels;
    for (let x = 0; x < width; x++) {
      const end = x * stride + count[x];
      let from = row + first[x] * channels;
      if (channels === 1) {
        let sum = half;
        for (let k = x * stride; k < end; k++) sum = (sum + Math.imul(data[from++], weights[k])) | 0;
        out[to++] = clamp(sum >> weightBits);
        continue;
      }
      let red = half;
      let green = half;
      let blue = half;
      for (let k = x * stride; k < end; k++, from += 3) {
        const weight = weights[k];
        red = (red + Math.imul(data[from], weight)) | 0;
        green = (green + Math.imul(data[from + 1], weight)) | 0;
        blue = (blue + Math.imul(data[from + 2], weight)) | 0;
      }
      out[to] = clamp(red >> weightBits);
      out[to + 1] = clamp(green >> weightBits);
      out[to + 2] = clamp(blue >> weightBits);
      to += 3;
    }
  }
  return out;
}

function resampleColumns(
  data: Uint8Array,
  taps: Taps,
  rowLength: number,
  height: number,
  firstRow: number,
): Uint8Array {
  const { first, count, weights, stride } = taps;
  const out = new Uint8Array(height * rowLength);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < height; y++) {
    const from = (first[y] - firstRow) * rowLength;
    const to = y * rowLength;
    const w = y * stride;
    if (count[y] === 1 && weights[w] === 1 << weightBits) {
      out.set(data.subarray(from, from + rowLength), to);
    } else if (count[y] === 2) {
      const upper = weights[w];
      const lower = weights[w + 1];
      for (let x = 0; x < rowLength; x++) {
        const sum = half + Math.imul(data[from + x], upper) + Math.imul(data[from + rowLength + x], lower);
        out[to + x] = clamp(sum >> weightBits);
      }
    } else {
      sums.fill(half);
      for (let k = 0; k < count[y]; k++) {
        const weight = weights[w + k];
        const source = from + k * rowLength;
        for (let x = 0; x < rowLength; x++) sums[x] += Math.imul(data[source + x], weight);
      }
      for (let x = 0; x < rowLength; x++) out[to + x] = clamp(sums[x] >> weightBits);
    }
  }
  return out;
}
