import type { Chunk } from "./chunk.js";
import type { ImageKeys } from "./image-key.js";
import { KeyIndex } from "./key-index.js";

/** A chunk without its lists. */
export interface KeptChunk extends Pick<Chunk, "name" | "sha256"> {
  /** Number of its rows. */
  readonly rows: number;
}

/** Where the row of an image is. */
export interface RowPlace {
  /** Number of the chunk. */
  readonly chunk: number;
  /** The row in it. */
  readonly row: number;
}

/** Where the rows of images are, by key of the image: some 50 bytes an image. */
export class RowPlaces {
  /** The chunks. */
  readonly chunks: KeptChunk[] = [];
  readonly #keys = new KeyIndex();
  #places = new Int32Array(128);

  /**
   * Takes the rows of a chunk; an image that is in an earlier one, too, is found in this one.
   *
   * @param chunk - the chunk, each image by a key of 32 hexadecimal digits
   */
  add({ name, sha256, images }: Chunk): void {
    const chunk = this.chunks.push({ name, sha256, rows: images.length }) - 1;
    for (const [row, key] of images.entries()) {
      const at = 2 * this.#keys.add(key);
      if (at === this.#places.length) {
        const larger = new Int32Array(2 * this.#places.length);
        larger.set(this.#places);
        this.#places = larger;
      }
      this.#places[at] = chunk;
      this.#places[at + 1] = row;
    }
  }

  /**
   * @param keys - keys of images
   * @param i - position of an image there
   * @returns where its row is; undefined where there is none
   */
  of(keys: ImageKeys, i: number): RowPlace | undefined {
    const number = keys.numbers[i];
    const found = number < 0 ? -1 : this.#keys.findOf(keys.distinct, number);
    return found < 0 ? undefined : { chunk: this.#places[2 * found], row: this.#places[2 * found + 1] };
  }
}
