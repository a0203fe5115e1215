import { Displayable } from "../core/display.js";
import { checkOptions } from "../core/options.js";
import type { MatrixBackend } from "../engines/index.js";
import { type Features, requireComparable } from "../extractors/features.js";
import type { NeighborTable } from "./neighbor-table.js";
import { largestMagnitude } from "./search/centered-rows.js";
import type { SearchMethod } from "./search/search.js";
import { selfRows } from "./search/self-rows.js";
import { SingleSearch } from "./search/single-search.js";
import { rowsInMemory } from "./search/train-rows.js";

/** Options of `NeighborIndex.search`. */
export interface SearchOptions {
  /**
   * Whether a training image is passed over as a neighbor of itself, that is of a query with the same id; images that
   * are merely equal count. Default true, but then an id that stands for different features here and there is an error.
   */
  readonly excludeSelf?: boolean;
  /**
   * How neighbors are found; the result is the same. "full" computes all float32 products; "pruned" rules most images out
   * by 8-bit products first; "auto", the default, prunes where the engine multiplies 8-bit integers exactly, the search
   * is large enough, and a trial on some queries finds that few images are left.
   */
  readonly method?: SearchMethod;
  /** Whether no progress is shown, for a search inside of work that shows its own; default false. */
  readonly quiet?: boolean;
  /** Aborts between blocks. */
  readonly signal?: AbortSignal;
}

/**
 * Finds the exactly nearest training images by matrix products, block by block.
 *
 * Products of rows in 8-bit integers or float32 pick candidates, with a proven bound of their error; the distances of the
 * candidates are computed directly in float64, and the k nearest by distance, then by lower index, are kept. A large search
 * is shared among threads, each of which searches for some of the queries; the result does not depend on their number.
 * Memory beyond the features and the table: at most about 0.8 GB, for the blocks at hand (up to 128 MB of training rows,
 * twice where threads share or engines copy them, 128 MB of queries, 8 MB of products a thread, 128 MB of candidates).
 */
export class NeighborIndex extends Displayable {
  /** Features of the training images. */
  readonly train: Features;
  readonly #search: SingleSearch;

  /**
   * @param train - features of the training images
   * @param options - `matrix`: what multiplies; default plain JavaScript for small searches, else the fastest engine
   */
  constructor(train: Features, options: { readonly matrix?: MatrixBackend } = {}) {
    super();
    checkOptions("NeighborIndex", options, ["matrix"]);
    const { n, d, data, ids } = train;
    this.train = train;
    this.#search = new SingleSearch(rowsInMemory(data, n, d), ids, {
      matrix: options.matrix,
      largest: () => largestMagnitude(data),
    });
  }

  /**
   * The nearest training images of each query, by Euclidean distance.
   *
   * @param queries - features of the images to search for, made like the training features; may be none
   * @param kMax - neighbors to keep an image, from 1 to the number of training images (less one where a query is itself
   * a training image)
   * @param options - self-exclusion, method, abort signal
   * @returns squared distances and training rows, nearest first, equally near ones by lower row
   * @throws RangeError when kMax is out of range, or the features are not comparable
   * @throws Aborted when interrupted
   */
  async search(queries: Features, kMax: number, options: SearchOptions = {}): Promise<NeighborTable> {
    checkOptions("search", options, ["excludeSelf", "method", "quiet", "signal"]);
    requireComparable(this.train, queries, "the training features", "the queries");
    const self = () => selfRows(this.train, queries, options.excludeSelf);
    return this.#search.run(queries, kMax, { ...options, self });
  }

  override toString(): string {
    return `NeighborIndex: ${this.train.n} training images x ${this.train.d}, exact`;
  }
}
