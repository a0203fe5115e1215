import { createHash, type Hash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { Aspect, ImageSource } from "../../core/image.js";
import { ProgressMeter } from "../../core/progress.js";
import type { ImageSet } from "../../datasets/image-set.js";

/** What an image is told apart by: its content, wherever it lies and whatever it is called. */
export interface ImageKey {
  /** 32 hexadecimal digits: the first half of the sha256 of its bytes and of all that is said about it: part, mirrored, aspect. */
  readonly key: string;
  /** Size and time of change of its file; undefined where it is in memory. */
  readonly stamp: string | undefined;
  /** What resizing does to it, where the image says so itself. */
  readonly aspect: Aspect | undefined;
}

/**
 * The keys of images. Files are read once; nothing is decoded.
 *
 * @param images - the images
 * @param signal - aborts between images
 * @returns one key an image, undefined where its file cannot be read
 * @throws Aborted when interrupted
 */
export async function imageKeys(images: ImageSet, signal?: AbortSignal): Promise<(ImageKey | undefined)[]> {
  const meter = new ProgressMeter("looking for features in the cache", images.length, "images", signal);
  const keys: (ImageKey | undefined)[] = [];
  try {
    for (let i = 0; i < images.length; i++) {
      keys.push(await keyOf(() => images.source(i)));
      await meter.add(1);
    }
  } finally {
    meter.close();
  }
  return keys;
}

async function keyOf(sourceOf: () => ImageSource): Promise<ImageKey | undefined> {
  try {
    const source = sourceOf();
    const { aspect } = source;
    if (source.kind === "pixels") {
      const { image, ...view } = source;
      const { width, height, channels, data } = image;
      const hash = hashOf({ ...view, width, height, channels }).update(data);
      return { key: shortened(hash), stamp: undefined, aspect };
    }
    const { path, ...view } = source;
    const stamp = await stampOf(path);
    return { key: shortened(hashOf(view).update(await readFile(path))), stamp, aspect };
  } catch {
    return undefined;
  }
}

/**
 * Whether a file is still the one that its key was made of.
 *
 * @param source - the image
 * @param stamp - its stamp
 * @returns whether size and time of change are the same
 */
export async function isUnchanged(source: ImageSource, { stamp }: ImageKey): Promise<boolean> {
  if (source.kind === "pixels") return true;
  return (await stampOf(source.path).catch(() => undefined)) === stamp;
}

async function stampOf(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path);
  return `${size} ${mtimeMs} ${ino}`;
}

/** Whatever is said about an image beside its bytes decides, too: part of the picture, mirrored or not, what resizing does. */
function hashOf(view: object): Hash {
  const said = Object.entries(view).filter(([, value]) => value !== undefined && value !== false);
  return createHash("sha256").update(`${JSON.stringify(said.sort(([a], [b]) => (a < b ? -1 : 1)))}\n`);
}

function shortened(hash: Hash): string {
  return hash.digest("hex").slice(0, 32);
}
