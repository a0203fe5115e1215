import type { Image } from "../core/image.js";
import { integerIn, oneOf } from "../core/options.js";
import { axisTaps, type ResizeFilter, resizeFilters } from "./coefficients.js";
import { pixelLimit } from "./limits.js";
import { alongColumns, alongRows } from "./resample.js";

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
 * Each axis in turn, with the filter stretched by the scale when shrinking (antialiasing) and rounded to 8 bits after
 * each. Pixel centres lie at half-integers. Width goes first, except where the height shrinks by over twice as many
 * pixels as the width (Pillow 13 and later; older versions can differ there by one grey level, bicubic by more).
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
  const columns = axisTaps(image.width, width, filter, left, window.width);
  const rows = axisTaps(image.height, height, filter, top, window.height);
  const { channels } = image;
  const source = { data: image.data, rowLength: image.width * channels, left: 0, top: 0 };
  const data = rowsFirst(image, width, height)
    ? alongRows(alongColumns(source, rows, columns.span, channels), columns, [0, window.height], channels)
    : alongColumns(alongRows(source, columns, rows.span, channels), rows, [0, window.width], channels);
  return { width: window.width, height: window.height, channels, data: data.data };
}

/** Pillow's choice since version 13; before, and almost always still, the columns come first. */
function rowsFirst(image: Image, width: number, height: number): boolean {
  return image.height - height > 2 * Math.max(0, image.width - width);
}
