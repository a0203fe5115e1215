import { createHash, type Hash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { Aspect, ImageSource } from "../../core/image.js";
import { ProgressMeter } from "../../core/progress.js";
import type { ImageSet } from "../../datasets/image-set.js";
import { KeyIndex } from "./key-index.js";

/** What an image is told apart by: its content, wherever it lies and whatever it is called. */
interface ImageKey {
  /** 32 hexadecimal digits: the first half of the sha256 of its bytes and of all that is said about it: part, mirrored, aspect. */
  readonly key: string;
  /** Size, time of change and number of its file; zeros where it is in memory. */
  readonly stamp: Stamp;
  /** What resizing does to it, where the image says so itself. */
  readonly aspect: Aspect | undefined;
}

type Stamp = readonly [size: number, changedMs: number, inode: number];

const inMemory: Stamp = [0, 0, 0];
const aspects: readonly (Aspect | undefined)[] = [undefined, "keep", "stretch"];

/** The keys of the images of a set; images of the same content have the same. An image takes some 60 bytes, however long names are. */
export class ImageKeys {
  /** The different keys, numbered from 0 on in the order of the images. */
  readonly distinct = new KeyIndex();
  /** Number of each image's key, -1 where its file cannot be read. */
  readonly numbers: Int32Array;
  readonly #aspects: Uint8Array;
  readonly #stamps: Float64Array;

  /** @param length - number of images; none has a key yet */
  constructor(readonly length: number) {
    this.numbers = new Int32Array(length).fill(-1);
    this.#aspects = new Uint8Array(length);
    this.#stamps = new Float64Array(inMemory.length * length);
  }

  /** @internal Keeps the key of an image. */
  set(i: number, { key, stamp, aspect }: ImageKey): void {
    this.numbers[i] = this.distinct.add(key);
    this.#aspects[i] = aspects.indexOf(aspect);
    this.#stamps.set(stamp, inMemory.length * i);
  }

  /**
   * @param i - position of an image
   * @returns its key, 32 hexadecimal digits; undefined where its file cannot be read
   */
  key(i: number): string | undefined {
    return this.numbers[i] < 0 ? undefined : this.distinct.key(this.numbers[i]);
  }

  /**
   * @param i - position of an image
   * @returns what resizing does to it, where the image says so itself
   */
  aspect(i: number): Aspect | undefined {
    return aspects[this.#aspects[i]];
  }

  /**
   * Whether a file is still the one that its key was made of.
   *
   * @param i - position of an image
   * @param source - the image
   * @returns whether size, time of change and number of the file are the same
   */
  async isUnchanged(i: number, source: ImageSource): Promise<boolean> {
    if (source.kind === "pixels") return true;
    const now = await stampOf(source.path).catch(() => undefined);
    return now?.every((value, part) => value === this.#stamps[inMemory.length * i + part]) ?? false;
  }
}

/**
 * The keys of images. Files are read once; nothing is decoded.
 *
 * @param images - the images
 * @param signal - aborts between images
 * @returns the keys
 * @throws Aborted when interrupted
 */
export async function imageKeys(images: ImageSet, signal?: AbortSignal): Promise<ImageKeys> {
  const meter = new ProgressMeter("looking for features in the cache", images.length, "images", signal);
  const keys = new ImageKeys(images.length);
  try {
    for (let i = 0; i < images.length; i++) {
      const key = await keyOf(() => images.source(i));
      if (key) keys.set(i, key);
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
      return { key: shortened(hash), stamp: inMemory, aspect };
    }
    const { path, ...view } = source;
    const stamp = await stampOf(path);
    return { key: shortened(hashOf(view).update(await readFile(path))), stamp, aspect };
  } catch {
    return undefined;
  }
}

async function stampOf(path: string): Promise<Stamp> {
  const { size, mtimeMs, ino } = await stat(path);
  return [size, mtimeMs, ino];
}

/** Whatever is said about an image beside its bytes decides, too: part of the picture, mirrored or not, what resizing does. */
function hashOf(view: object): Hash {
  const said = Object.entries(view).filter(([, value]) => value !== undefined && value !== false);
  return createHash("sha256").update(`${JSON.stringify(said.sort(([a], [b]) => (a < b ? -1 : 1)))}\n`);
}

function shortened(hash: Hash): string {
  return hash.digest("hex").slice(0, 32);
}
