import type { ImageSet } from "../../datasets/image-set.js";
import { writeChunk } from "./chunk.js";
import type { CacheEntry } from "./entry.js";
import type { ImageKeys } from "./image-key.js";

/** Most rows of a chunk, and how long rows wait at most: what a killed process has to compute again. */
const mostRows = 256;
const mostMs = 10_000;

/** What is extracted: some of the images that were asked for. */
export interface ChunkImages {
  /** The images that are extracted. */
  readonly images: ImageSet;
  /** Keys of all that were asked for. */
  readonly keys: ImageKeys;
  /** Position among those of each image that is extracted. */
  readonly positions: Int32Array;
}

/** Gathers rows as they come from a network and writes them in chunks. */
export class ChunkWriter {
  readonly #rows: Float32Array;
  #waiting: number[] = [];
  #since = 0;
  /** Positions of images whose files changed while they were read. */
  readonly changed = new Set<number>();

  /**
   * @param entry - where to
   * @param extracted - the images, and their keys
   */
  constructor(
    readonly entry: CacheEntry,
    readonly extracted: ChunkImages,
  ) {
    this.#rows = new Float32Array(mostRows * entry.about.dimensions);
  }

  /**
   * Takes a row, and writes a chunk when it is full or old enough.
   *
   * @param index - position of the image
   * @param row - its feature
   */
  async add(index: number, row: Float32Array): Promise<void> {
    if (this.#waiting.length === 0) this.#since = performance.now();
    this.#rows.set(row, this.#waiting.length * this.entry.about.dimensions);
    this.#waiting.push(index);
    if (this.#waiting.length === mostRows || performance.now() - this.#since > mostMs) await this.flush();
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const { dimensions } = this.entry.about;
    const { images, keys, positions } = this.extracted;
    const kept: number[] = [];
    for (const [from, index] of waiting.entries()) {
      const isKnown = keys.key(positions[index]) !== undefined;
      if (!isKnown || !(await keys.isUnchanged(positions[index], images.source(index)))) {
        this.changed.add(index);
        continue;
      }
      this.#rows.copyWithin(kept.length * dimensions, from * dimensions, (from + 1) * dimensions);
      kept.push(index);
    }
    if (kept.length === 0) return;
    await this.entry.touch();
    await writeChunk(this.entry.folder, this.#rows.slice(0, kept.length * dimensions), dimensions, {
      images: kept.map((index) => keys.key(positions[index]) as string),
      names: kept.map((index) => images.ids[index]),
      set: images.name,
    });
  }
}
