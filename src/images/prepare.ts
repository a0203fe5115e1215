import type { Aspect, Image } from "../core/image.js";
import { integerIn, oneOf } from "../core/options.js";
import { type ResizeFilter, resizeFilters } from "./coefficients.js";
import { resizeWindow, type Window } from "./resize.js";

/** How images become a network's input. */
export interface Preparation {
  /** Shorter side after resizing, in pixels; 0 leaves the size as it is. */
  readonly resize: number;
  /** What happens to the proportions, default "keep": "stretch" brings both sides to `resize`. */
  readonly aspect?: Aspect;
  /** Side of the centre crop, in pixels; 0 crops nothing. */
  readonly crop: number;
  /** Resampling filter. */
  readonly filter: ResizeFilter;
  /** Subtracted per channel (red, green, blue) from values in [0, 1]. */
  readonly mean: readonly [number, number, number];
  /** Divides per channel after the mean is subtracted. */
  readonly std: readonly [number, number, number];
}

/** An 8-bit RGB image, resized and cropped for a network. */
export interface PreparedImage extends Image {
  readonly channels: 3;
}

/**
 * Resizes and crops an image for a network: shorter side to `resize` (the other floor(resize x long / short), or both
 * sides to `resize` where the aspect is "stretch"), then
 * the centre `crop` x `crop` (offset (side - crop) / 2, half rounded to even), then grey repeated to RGB.
 *
 * @param image - the image, grey or RGB, any size
 * @param preparation - what to do
 * @returns a new 8-bit RGB image
 * @throws RangeError when the crop is larger than the resized image
 */
export function prepare(image: Image, preparation: Preparation): PreparedImage {
  const { width, height, window } = preparedWindow(image, preparation);
  return toRgb(resizeWindow(image, width, height, preparation.filter, window));
}

/** Which part of a resized image a network sees. */
export interface PreparedWindow {
  /** Width of the whole resized image, in pixels. */
  readonly width: number;
  /** Height of the whole resized image, in pixels. */
  readonly height: number;
  /** The part that is cut out, in pixels of the resized image. */
  readonly window: Window;
}

/**
 * How `prepare` resizes and crops, so that places in the network's input can be found again in the image.
 *
 * @param size - width and height of the image in pixels
 * @param preparation - what is done
 * @returns size after resizing, and the part cut out
 * @throws RangeError as `prepare`
 */
export function preparedWindow(
  size: { readonly width: number; readonly height: number },
  preparation: Preparation,
): PreparedWindow {
  checkPreparation(preparation);
  const { width, height } = resizedSize(size, preparation.resize, preparation.aspect);
  return { width, height, window: centerWindow(width, height, preparation.crop) };
}

/**
 * A line of text that says all about a preparation, for records and cache keys: equal text, equal input.
 *
 * @param preparation - the preparation
 * @param others - further ones of the same image, which differ in their sizes only
 * @returns for example "rgb8 / shorter side 256 bilinear / centre crop 224 / mean 0.5 0.5 0.5 / std 0.5 0.5 0.5"
 */
export function describePreparation(preparation: Preparation, ...others: readonly Preparation[]): string {
  const { aspect = "keep", filter, mean, std } = preparation;
  const all = [preparation, ...others];
  const each = (text: (one: Preparation) => number | string) => all.map(text).join(" and ");
  const sides =
    aspect === "keep"
      ? `shorter side ${each(({ resize }) => resize)}`
      : `stretched to ${each(({ resize }) => `${resize} x ${resize}`)}`;
  return [
    "rgb8",
    preparation.resize > 0 ? `${sides} ${filter}` : "size as it is",
    preparation.crop > 0 ? `centre crop ${each(({ crop }) => crop)}` : "no crop",
    `mean ${mean.join(" ")}`,
    `std ${std.join(" ")}`,
  ].join(" / ");
}

/**
 * The size of an image whose shorter side is brought to a length.
 *
 * @param size - width and height in pixels
 * @param shorterSide - the length in pixels; 0 leaves the size as it is
 * @param aspect - "keep": the longer side in proportion, rounded down (default); "stretch": both sides the same length
 * @returns the new width and height
 */
export function resizedSize(
  size: { readonly width: number; readonly height: number },
  shorterSide: number,
  aspect: Aspect = "keep",
): { width: number; height: number } {
  const { width, height } = size;
  if (shorterSide === 0) return { width, height };
  if (aspect === "stretch") return { width: shorterSide, height: shorterSide };
  const longer = Math.floor((shorterSide * Math.max(width, height)) / Math.min(width, height));
  return width < height ? { width: shorterSide, height: longer } : { width: longer, height: shorterSide };
}

/**
 * An image as RGB.
 *
 * @param image - grey or RGB
 * @returns the same image when it is RGB already, else a new one with grey in all three channels
 */
export function toRgb(image: Image): PreparedImage {
  if (image.channels === 3) return image as PreparedImage;
  const data = new Uint8Array(image.data.length * 3);
  for (let i = 0, j = 0; i < image.data.length; i++, j += 3) {
    const value = image.data[i];
    data[j] = value;
    data[j + 1] = value;
    data[j + 2] = value;
  }
  return { width: image.width, height: image.height, channels: 3, data };
}

function checkPreparation(preparation: Preparation): void {
  const { resize, aspect = "keep", crop, filter } = preparation;
  integerIn("resize (shorter side in pixels, 0 for none)", resize, 0, 32768);
  integerIn("crop (side in pixels, 0 for none)", crop, 0, 32768);
  oneOf("resize filter", filter, resizeFilters);
  oneOf("aspect", aspect, ["keep", "stretch"]);
  if (resize > 0 && crop > resize) {
    throw new RangeError(`crop must be at most resize (${resize} pixels); got ${crop}`);
  }
}

function centerWindow(width: number, height: number, crop: number): Window {
  if (crop === 0) return { left: 0, top: 0, width, height };
  if (crop > Math.min(width, height)) {
    throw new RangeError(
      `crop must fit into the image of ${width} x ${height} pixels; got ${crop}: set resize to enlarge small images`,
    );
  }
  return { left: halfToEven(width - crop), top: halfToEven(height - crop), width: crop, height: crop };
}

function halfToEven(margin: number): number {
  const low = Math.floor(margin / 2);
  return margin % 2 === 0 ? low : low + (low % 2);
}
