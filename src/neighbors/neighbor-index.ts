import { Displayable } from "../core/display.js";
import { checkOptions, integerIn } from "../core/options.js";
import { ProgressMeter } from "../core/progress.js";
import { loadMatrixBackend, type MatrixBackend } from "../engines/index.js";
import { type Features, requireComparable } from "../extractors/features.js";
import { CandidateLists, candidateCapacity, type DirectDistances } from "./candidates.js";
import { Centering } from "./centered-rows.js";
import { KeyError } from "./key-error.js";
import { NeighborTable } from "./neighbor-table.js";
import { selfRows } from "./self-rows.js";
import { squaredDistance } from "./squared-distance.js";

/** Options of `NeighborIndex.search`. */
export interface SearchOptions {
  /**
   * Whether a training image is passed over as a neighbor of itself, that is of a query with the same id; images that
   * are merely equal count. Default true, but then an id that stands for different features here and there is an error.
   */
  readonly excludeSelf?: boolean;
  /** Aborts between blocks. */
  readonly signal?: AbortSignal;
}

const trainBlockRows = 8192;
const queryBlockRows = 1024;
const blockBytes = 128 * 1024 * 1024;
const candidateBytes = 64 * 1024 * 1024;

/**
 * Finds the exactly nearest training images by a matrix product, block by block.
 *
 * Keys |t|^2 - 2 q.t from float32 products pick candidates, with a proven bound of their error; the distances of the
 * candidates are computed directly in float64, and the k nearest by distance, then by lower index, are kept. Memory beyond
 * the features and the table: at most about 0.6 GB, for the blocks at hand (up to 128 MB of training rows, twice where
 * the engine copies them, 128 MB of queries, 32 MB of products, 64 MB of candidates).
 */
export class NeighborIndex extends Displayable {
  /** Features of the training images. */
  readonly train: Features;
  readonly #matrix: MatrixBackend | undefined;
  #centering: Centering | undefined;

  /**
   * @param train - features of the training images
   * @param options - `matrix`: what multiplies; default plain JavaScript for small searches, else the fastest engine
   */
  constructor(train: Features, options: { readonly matrix?: MatrixBackend } = {}) {
    super();
    checkOptions("NeighborIndex", options, ["matrix"]);
    this.train = train;
    this.#matrix = options.matrix;
  }

  /**
   * The nearest training images of each query, by Euclidean distance.
   *
   * @param queries - features of the images to search for, made like the training features; may be none
   * @param kMax - neighbors to keep an image, from 1 to the number of training images (less one where a query is itself
   * a training image)
   * @param options - self-exclusion, abort signal
   * @returns squared distances and training rows, nearest first, equally near ones by lower row
   * @throws RangeError when kMax is out of range, or the features are not comparable
   * @throws Aborted when interrupted
   */
  async search(queries: Features, kMax: number, options: SearchOptions = {}): Promise<NeighborTable> {
    checkOptions("search", options, ["excludeSelf", "signal"]);
    const { train } = this;
    requireComparable(train, queries, "the training features", "the queries");
    if (train.n === 0) throw new RangeError("a search needs at least one training image; got none");
    const self = selfRows(train, queries, options.excludeSelf);
    const others = self.some((row) => row >= 0);
    const available = others ? train.n - 1 : train.n;
    if (available === 0) {
      throw new RangeError("an image that is the only training image has no neighbor; add training images");
    }
    integerIn(
      "k",
      kMax,
      1,
      available,
      others ? "training images other than the image itself" : "training images",
    );
    const distances = new Float64Array(queries.n * kMax);
    const indices = new Int32Array(queries.n * kMax);
    const meter = new ProgressMeter("finding neighbors", queries.n, "images", options.signal);
    try {
      const step = Math.max(1, Math.floor(candidateBytes / (12 * candidateCapacity(train.n, kMax))));
      for (let from = 0; from < queries.n; from += step) {
        const to = Math.min(queries.n, from + step);
        await this.#searchRange(queries, from, to, { kMax, self, distances, indices, meter });
      }
    } finally {
      meter.close();
    }
    return new NeighborTable({ kMax, distances, indices, queryIds: queries.ids, trainIds: train.ids });
  }

  override toString(): string {
    return `NeighborIndex: ${this.train.n} training images x ${this.train.d}, exact`;
  }

  async #searchRange(queries: Features, from: number, to: number, job: Job): Promise<void> {
    const { n, d, data } = this.train;
    const matrix = this.#matrix ?? (await loadMatrixBackend(n * queries.n * d));
    this.#centering ??= new Centering(data, n, d);
    const centering = this.#centering;
    const direct = directDistances(this.train, queries, from, centering.scale);
    const lists = new CandidateLists(to - from, n, job.kMax, new KeyError(d), direct);
    const self = job.self.subarray(from, to);
    const trainMemory = new Float32Array(Math.min(n, rowsOf(d, trainBlockRows)) * d);
    const queryMemory = new Float32Array(Math.min(to - from, rowsOf(d, queryBlockRows)) * d);
    let counted = 0;
    for (let row = 0; row < n; row += trainMemory.length / d) {
      const rowEnd = Math.min(n, row + trainMemory.length / d);
      const block = centering.block(data, row, rowEnd, trainMemory);
      const loaded = matrix.loadRows(block.rows, rowEnd - row, d);
      try {
        for (let query = from; query < to; query += queryMemory.length / d) {
          const queryEnd = Math.min(to, query + queryMemory.length / d);
          const asked = centering.block(queries.data, query, queryEnd, queryMemory);
          const products = await loaded.products(asked.rows, queryEnd - query);
          lists.scan(products, asked, query - from, block, row, self);
          const done = Math.floor(((to - from) * row + (queryEnd - from) * (rowEnd - row)) / n);
          await job.meter.add(done - counted);
          counted = done;
        }
      } finally {
        loaded.dispose();
      }
    }
    for (let query = from; query < to; query++) {
      lists.finish(query - from, job.distances, job.indices, query * job.kMax);
      if (query % 64 === 0) await job.meter.add(0);
    }
  }
}

interface Job {
  readonly kMax: number;
  readonly self: Int32Array;
  readonly distances: Float64Array;
  readonly indices: Int32Array;
  readonly meter: ProgressMeter;
}

function rowsOf(d: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(blockBytes / (4 * d))));
}

function directDistances(
  train: Features,
  queries: Features,
  firstQuery: number,
  scale: number,
): DirectDistances {
  const { d } = train;
  const wide = new Float64Array(d);
  return {
    scale: scale * scale,
    compute(query, rows, from, count, out) {
      wide.set(queries.row(firstQuery + query));
      for (let j = 0; j < count; j++) out[j] = squaredDistance(wide, 0, train.data, rows[from + j] * d, d);
    },
  };
}
