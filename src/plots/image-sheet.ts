import type { Image, ImageSource } from "../core/image.js";
import { loadImage, resize, toRgb } from "../images/index.js";

/** Images up to this many pixels wide and high keep their size. */
const smallSide = 40;

/** Side in pixels of the square into which larger images are shrunk. */
const shrunkTo = 84;

/**
 * Loads an image as a small picture.
 *
 * @param source - where the pixels are
 * @returns RGB, at most 84 pixels wide and high
 * @throws DataError naming the file and the reason when it is no readable image
 */
export async function smallPicture(source: ImageSource): Promise<Image> {
  const image = toRgb(await loadImage(source));
  const largest = Math.max(image.width, image.height);
  if (largest <= smallSide) return image;
  const side = (length: number) => Math.max(1, Math.round((length * shrunkTo) / largest));
  return resize(image, side(image.width), side(image.height), largest < shrunkTo ? "bicubic" : "bilinear");
}

/** Small pictures in one picture. */
export interface ImageSheet {
  /** Side of a square cell in pixels; each picture stands in the middle of its cell. */
  readonly cell: number;
  /** Cells in a row. */
  readonly columns: number;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Bytes of a JPEG. */
  readonly jpeg: Uint8Array;
}

/**
 * Paints small pictures into the cells of one picture.
 *
 * @param pictures - RGB images, in order; undefined leaves a cell empty
 * @returns the sheet
 */
export async function imageSheet(pictures: readonly (Image | undefined)[]): Promise<ImageSheet> {
  const sides = pictures.map((picture) => (picture ? Math.max(picture.width, picture.height) : 1));
  const cell = Math.max(1, ...sides);
  const columns = Math.max(1, Math.ceil(Math.sqrt(pictures.length)));
  const [width, height] = [columns * cell, Math.max(1, Math.ceil(pictures.length / columns)) * cell];
  const data = new Uint8Array(width * height * 3).fill(255);
  pictures.forEach((picture, i) => {
    if (!picture) return;
    const left = (i % columns) * cell + Math.floor((cell - picture.width) / 2);
    const top = Math.floor(i / columns) * cell + Math.floor((cell - picture.height) / 2);
    for (let y = 0; y < picture.height; y++) {
      const row = picture.data.subarray(y * picture.width * 3, (y + 1) * picture.width * 3);
      data.set(row, ((top + y) * width + left) * 3);
    }
  });
  const { encode, Image: EncodableImage } = await import("image-js");
  const jpeg = encode(new EncodableImage(width, height, { data, colorModel: "RGB" }), {
    format: "jpeg",
    encoderOptions: { quality: 75 },
  });
  return { cell, columns, width, height, jpeg };
}
