import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../core/errors.js";
import { writeFileAtomically } from "../../core/write-file.js";
import { describePreparation } from "../../images/index.js";
import type { Maker } from "../features-of-rows.js";
import { chunkNameOf, readChunkList, readChunkRows, setChunkAside } from "./chunk.js";
import { type KeptChunk, RowPlaces } from "./row-places.js";

/** What decides about features beside the image; stands in about.json of an entry. */
export interface EntryAbout {
  /** Version of the form. */
  readonly format: typeof entryFormat;
  /** Name of the extractor. */
  readonly extractor: string;
  /** Layer, or layers joined by "+". */
  readonly layer: string;
  /** sha256 of the weights. */
  readonly weightsHash: string;
  /** How images are prepared. */
  readonly preparation: string;
  /** Engine and version. */
  readonly engine: string;
  /** What is done to features after the network. */
  readonly steps: readonly string[];
  /** Length of a feature. */
  readonly dimensions: number;
}

/** What about.json says of its form. */
export const entryFormat = "dn2 features 1";

/** Name of the file that says what the features of an entry are. */
export const aboutFile = "about.json";

/** The features that one extractor made, in a folder of their own. */
export class CacheEntry {
  readonly folder: string;
  readonly about: EntryAbout;

  /**
   * @param parent - folder of all entries
   * @param maker - the extractor
   */
  constructor(parent: string, maker: Maker) {
    const { extractor, layer = "", weightsHash = "", engine = "", steps = [] } = maker.provenance;
    this.about = {
      format: entryFormat,
      extractor,
      layer,
      weightsHash,
      preparation: describePreparation(...maker.preparations),
      engine,
      steps,
      dimensions: maker.dimensions,
    };
    const hash = createHash("sha256").update(JSON.stringify(this.about)).digest("hex").slice(0, 12);
    this.folder = join(parent, `${[extractor, layer, hash].join("-").replace(/[^\w.+-]+/g, "_")}`);
  }

  /** Makes the folder and its about.json where they are not there, and notes that the entry is in use. */
  async touch(): Promise<void> {
    const path = join(this.folder, aboutFile);
    if (existsSync(path)) {
      const now = new Date();
      await utimes(path, now, now).catch(() => {});
      return;
    }
    await mkdir(this.folder, { recursive: true });
    await writeFileAtomically(path, `${JSON.stringify(this.about, null, 1)}\n`);
  }

  /**
   * Lists what is there; a list that is damaged is put aside with its rows.
   *
   * @returns chunk and row by key of the image
   */
  async places(): Promise<RowPlaces> {
    const places = new RowPlaces();
    for (const name of await chunkNames(this.folder)) {
      try {
        places.add(await readChunkList(this.folder, name));
      } catch (error) {
        await this.#setAside(name, error);
      }
    }
    return places;
  }

  /**
   * Reads the rows of a chunk; a damaged one is put aside.
   *
   * @param chunk - the chunk
   * @returns Float32Array, one row an image; undefined when they are damaged
   */
  async rows(chunk: KeptChunk): Promise<Float32Array | undefined> {
    try {
      return await readChunkRows(this.folder, chunk, this.about.dimensions);
    } catch (error) {
      await this.#setAside(chunk.name, error);
      return undefined;
    }
  }

  async #setAside(name: string, error: unknown): Promise<void> {
    process.stderr.write(`${messageOf(error)}; it is put aside and its features are computed again\n`);
    await setChunkAside(this.folder, name);
  }
}

/**
 * @param folder - folder of an entry
 * @returns the names of its chunks in order; none where the folder is missing
 */
export async function chunkNames(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.flatMap((file) => chunkNameOf(file) ?? []).sort();
}
