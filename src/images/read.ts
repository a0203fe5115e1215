import { type FileHandle, open } from "node:fs/promises";
import { DataError, messageOf } from "../core/errors.js";
import type { Crop, Image, ImageSource } from "../core/image.js";
import { checkOptions } from "../core/options.js";
import { decodeImage, unreadable } from "./decode.js";
import { formatBytes, formatOf } from "./format.js";
import { fileLimit, refuse } from "./limits.js";
import { mirror } from "./mirror.js";
import { resize } from "./resize.js";

/**
 * Reads and decodes an image file; see `decodeImage` for what is decoded and how.
 *
 * @param path - the file
 * @returns the image
 * @throws DataError naming the file and the reason when it is missing or no readable image
 */
export async function readImage(path: string): Promise<Image> {
  return decodeImage(await readBytes(path), { path });
}

/**
 * The pixels of an image source.
 *
 * @param source - pixels in memory, or a file
 * @returns the image
 * @throws DataError naming the file and the reason when it is missing or no readable image
 */
export async function loadImage(source: ImageSource): Promise<Image> {
  const image = await asStored(source);
  return source.mirrored ? mirror(image) : image;
}

async function asStored(source: ImageSource): Promise<Image> {
  if (source.kind === "pixels") return source.image;
  return source.crop ? cropped(source.path, source.crop) : readImage(source.path);
}

/** The picture that was cropped last, as the crops of one picture are mostly asked for one after another. */
let lastPicture: { path: string; image: Promise<Image> } | undefined;

async function cropped(path: string, { left, top, width, height, size }: Crop): Promise<Image> {
  if (lastPicture?.path !== path) lastPicture = { path, image: readImage(path) };
  const picture = lastPicture;
  let image: Image;
  try {
    image = await picture.image;
  } catch (error) {
    if (lastPicture === picture) lastPicture = undefined;
    throw error;
  }
  if (left < 0 || top < 0 || left + width > image.width || top + height > image.height) {
    throw new DataError(
      `${path} must be as large as its annotation says; it is ${image.width} x ${image.height} pixels and a box reaches to ${left + width} x ${top + height}`,
      path,
    );
  }
  const { channels } = image;
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * image.width + left) * channels;
    data.set(image.data.subarray(from, from + width * channels), row * width * channels);
  }
  return resize({ width, height, channels, data }, size, size);
}

/** A source that gave no image. */
export interface BadImage {
  /** Its place among the sources. */
  readonly index: number;
  /** The file. */
  readonly path: string;
  /** Why, as one sentence that names the file. */
  readonly reason: string;
}

/** An image and its place among the sources. */
export interface LoadedImage {
  readonly index: number;
  readonly image: Image;
}

/** How `loadImages` goes on. */
export interface LoadImagesOptions {
  /** Called for every bad file, which is then left out; without it the first bad file is an error. */
  readonly onBad?: (bad: BadImage) => void;
}

/**
 * Loads images one after another, keeping the good ones and reporting the bad.
 *
 * @param sources - where the images are
 * @param options - `onBad` receives the bad files
 * @returns the good images in order, each with its place among the sources
 * @throws DataError at the first bad file when there is no `onBad`
 */
export async function* loadImages(
  sources: Iterable<ImageSource>,
  options: LoadImagesOptions = {},
): AsyncGenerator<LoadedImage, void, undefined> {
  checkOptions("loadImages", options, ["onBad"]);
  let index = 0;
  for (const source of sources) {
    try {
      yield { index, image: await loadImage(source) };
    } catch (error) {
      if (!(error instanceof DataError) || source.kind === "pixels" || !options.onBad) throw error;
      options.onBad({ index, path: source.path, reason: error.message });
    }
    index++;
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    return await readAll(file, path);
  } catch (error) {
    throw explain(path, error);
  } finally {
    await file?.close();
  }
}

/** Looks at the beginning first, so that a large file of another kind is not read as a whole. */
async function readAll(file: FileHandle, path: string): Promise<Uint8Array> {
  const info = await file.stat();
  if (!info.isFile()) refuse("it is no file");
  if (info.size > fileLimit) refuse(`it has ${info.size} bytes; at most ${fileLimit} are read`);
  const beginning = new Uint8Array(formatBytes);
  const { bytesRead } = await file.read(beginning, 0, formatBytes, 0);
  formatOf(beginning.subarray(0, bytesRead), path);
  return file.readFile();
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "its permissions forbid it",
  EPERM: "its permissions forbid it",
};

function explain(path: string, error: unknown): DataError {
  const code = (error as { code?: string }).code;
  if (code === undefined) return unreadable(path, error);
  return new DataError(`cannot read ${path}: ${reasons[code] ?? messageOf(error)}`, path, error);
}
