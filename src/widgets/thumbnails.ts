import type { Image } from "../core/image.js";
import type { ImageSet } from "../datasets/image-set.js";
import { imageSheet, smallPicture } from "../plots/image-sheet.js";
import type { Tile } from "./explorer-model.js";
import type { Sheet, SheetTile } from "./saved-explorer.js";

/** Images of which an explorer shows small pictures. */
export interface ExplorerImages {
  /** The test images, in the table's order. */
  readonly test?: ImageSet;
  /** The training images, in the table's order. */
  readonly train?: ImageSet;
}

/** Names an image. */
export type ImagePlace = Pick<Tile, "set" | "index">;

/** At most this many images stand in one sheet. */
export const sheetLimit = 64;

const keptBytes = 24e6;

/** Makes small pictures of images when they are asked for, and keeps the last ones. */
export class Thumbnails {
  readonly #images: ExplorerImages;
  readonly #kept = new Map<string, Image | undefined>();
  #bytes = 0;

  /** @param images - the images */
  constructor(images: ExplorerImages) {
    this.#images = images;
  }

  /** Whether there are images at all. */
  get any(): boolean {
    return this.#images.test !== undefined || this.#images.train !== undefined;
  }

  /**
   * @param places - the wanted images; those that do not exist are left out, and all above 64
   * @returns a sheet of them with its JPEG; undefined when none is left
   */
  async sheet(places: readonly ImagePlace[]): Promise<(Sheet & { readonly jpeg: Uint8Array }) | undefined> {
    const known = places.filter(({ set, index }) => this.#has(set, index)).slice(0, sheetLimit);
    if (known.length === 0) return undefined;
    const pictures: (Image | undefined)[] = [];
    for (const { set, index } of known) pictures.push(await this.#picture(set, index));
    const tiles = known.map(({ set, index }, i): SheetTile => {
      const { width = 0, height = 0 } = pictures[i] ?? {};
      return [set, index, width, height];
    });
    return { ...(await imageSheet(pictures)), tiles };
  }

  #has(set: string, index: number): boolean {
    const images = set === "test" || set === "train" ? this.#images[set] : undefined;
    return images !== undefined && Number.isInteger(index) && index >= 0 && index < images.length;
  }

  async #picture(set: "test" | "train", index: number): Promise<Image | undefined> {
    const key = `${set} ${index}`;
    if (this.#kept.has(key)) return this.#kept.get(key);
    const picture = await smallPicture(this.#images[set]!.source(index)).catch(() => undefined);
    this.#kept.set(key, picture);
    this.#bytes += picture?.data.length ?? 0;
    for (const [old, { data } = { data: [] }] of this.#kept) {
      if (this.#bytes <= keptBytes) break;
      this.#kept.delete(old);
      this.#bytes -= data.length;
    }
    return picture;
  }
}
