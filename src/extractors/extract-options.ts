import { printNote } from "../core/note.js";

/** Options of `Extractor.extract` and `extractMaps`. */
export interface ExtractOptions {
  /** Images in a batch; by default the first batches find out what is fastest. Features do not depend on it. */
  batchSize?: number;
  /**
   * Keeps features on disk as they come and takes those that are there: true for the folder `features` in DN2_CACHE (else
   * ~/.cache/dn2), or a folder. An interrupted extraction goes on where it was. Default false; `extractMaps` keeps nothing.
   */
  cache?: boolean | string;
  /** Called when features came from the cache; by default a line says how many. */
  onCacheUse?: (use: CacheUse) => void;
  /** Called for each image that cannot be read; by default its name and the reason are printed at the end. */
  onBadImage?: (bad: BadImage) => void;
  /** Aborts between batches. */
  signal?: AbortSignal;
}

/** What an extraction took from the cache. */
export interface CacheUse {
  /** Name of the extractor. */
  readonly extractor: string;
  /** Images whose features were there. */
  readonly found: number;
  /** Images asked for. */
  readonly images: number;
}

/** An image that could not be read. */
export interface BadImage {
  /** Its id in the image set. */
  readonly id: string;
  /** One sentence. */
  readonly reason: string;
}

/**
 * What is done with bad images where the caller says nothing: a line on standard error.
 *
 * @param bad - the image
 */
export function printBadImage({ reason }: BadImage): void {
  process.stderr.write(`left out: ${reason}\n`);
}

/**
 * What is said about the cache where the caller says nothing: a line.
 *
 * @param use - what was there
 */
export function printCacheUse({ extractor, found, images }: CacheUse): void {
  printNote(`${extractor} features of ${found} of ${images} images were in the cache`);
}
