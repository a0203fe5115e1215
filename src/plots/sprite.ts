import type { Image, ImageSource } from "../core/image.js";
import { loadImage, resize, toRgb } from "../images/index.js";

/** An image made to fit a square cell. */
export interface Thumbnails {
  /** The images, RGB, none larger than the cell. */
  readonly images: readonly Image[];
  /** Side of the square cell in pixels of the images. */
  readonly cell: number;
  /** Figure pixels for each image pixel, a whole number. */
  readonly scale: number;
}

/** Images up to this many pixels wide and high are enlarged by a whole number, larger ones shrunk. */
const smallSide = 40;

/**
 * Loads images and makes them fit square cells of one size.
 *
 * @param sources - where the pixels are
 * @param side - side in figure pixels to which large images are shrunk; small ones come near it
 * @returns the thumbnails, in order
 */
export async function thumbnails(sources: readonly ImageSource[], side: number): Promise<Thumbnails> {
  const loaded = [];
  for (const source of sources) loaded.push(await loadImage(source));
  const largest = Math.max(1, ...loaded.map((image) => Math.max(image.width, image.height)));
  const small = largest <= smallSide;
  const cell = small ? largest : side;
  const scale = small ? Math.max(1, Math.round((side - 8) / largest)) : 1;
  return { images: loaded.map((image) => fitted(toRgb(image), cell)), cell, scale };
}

function fitted(image: Image, cell: number): Image {
  const factor = cell / Math.max(image.width, image.height);
  if (factor === 1) return image;
  const side = (length: number) => Math.max(1, Math.round(length * factor));
  return resize(image, side(image.width), side(image.height), factor < 1 ? "bilinear" : "bicubic");
}

/** An image at a place of a sheet, in sheet pixels. */
export interface Placed {
  readonly image: Image;
  readonly left: number;
  readonly top: number;
}

/**
 * Paints images on white and encodes them as one picture.
 *
 * @param width - width of the sheet in pixels
 * @param height - height of the sheet in pixels
 * @param placed - RGB images and their places
 * @returns a JPEG as a data URI, so that photographs stay small in a notebook
 */
export async function sheetUri(width: number, height: number, placed: readonly Placed[]): Promise<string> {
  const data = new Uint8Array(width * height * 3).fill(255);
  for (const { image, left, top } of placed) {
    for (let y = 0; y < image.height; y++) {
      const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
      data.set(row, ((top + y) * width + left) * 3);
    }
  }
  const { encode, Image: EncodableImage } = await import("image-js");
  const bytes = encode(new EncodableImage(width, height, { data, colorModel: "RGB" }), {
    format: "jpeg",
    encoderOptions: { quality: 76 },
  });
  return `data:image/jpeg;base64,${Buffer.from(bytes).toString("base64")}`;
}
