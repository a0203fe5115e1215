import { Displayable } from "../core/display.js";
import { checkOptions, integerIn } from "../core/options.js";
import { ProgressMeter } from "../core/progress.js";
import { loadMatrixBackend, type MatrixBackend } from "../engines/index.js";
import { type Features, requireComparable } from "../extractors/features.js";
import { bytesPerCandidate, CandidateLists, candidateCapacity } from "./candidates.js";
import { type CenteredBlock, Centering } from "./centered-rows.js";
import { DirectPass, type Pairs } from "./direct-pass.js";
import { KeyError } from "./key-error.js";
import { NeighborTable } from "./neighbor-table.js";
import { stableOrder } from "./select.js";
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

const trainBlockRows = 4096;
const queryBlockRows = 1024;
const blockBytes = 128 * 1024 * 1024;
const candidateBytes = 64 * 1024 * 1024;

/**
 * Finds the exactly nearest training images by a matrix product, block by block.
 *
 * Keys |t|^2 - 2 q.t from float32 products pick candidates, with a proven bound of their error; the distances of the
 * candidates are computed directly in float64, and the k nearest by distance, then by lower index, are kept. Memory beyond
 * the features and the table: at most about 0.6 GB, for the blocks at hand (up to 128 MB of training rows, twice where
 * the engine copies them, 128 MB of queries, 16 MB of products, 64 MB of candidates).
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
      const held = bytesPerCandidate * candidateCapacity(train.n, kMax);
      const step = rowsOf(train.d, Math.max(1, Math.floor(candidateBytes / held)));
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
    const lists = new CandidateLists(to - from, n, job.kMax, new KeyError(d), {
      direct: (query, row) => squaredDistance(queries.data, (from + query) * d, data, row * d, d),
      scale: centering.scale,
    });
    const asked = centering.block(queries.data, from, to, new Float32Array((to - from) * d));
    const memory = new Float32Array(Math.min(n, rowsOf(d, trainBlockRows)) * d);
    let counted = 0;
    for (let row = 0; row < n; row += memory.length / d) {
      const rowEnd = Math.min(n, row + memory.length / d);
      const block = centering.block(data, row, rowEnd, memory);
      const loaded = matrix.loadRows(block.rows, rowEnd - row, d);
      try {
        for (let query = 0; query < to - from; query += queryBlockRows) {
          const part = partOf(asked, query, Math.min(to - from, query + queryBlockRows), d);
          const products = await loaded.products(part.rows, part.factors.length);
          lists.scan(products, part, query, block, row, job.self.subarray(from, to));
          const scanned = (to - from) * row + (query + part.factors.length) * (rowEnd - row);
          await job.meter.add(Math.floor(scanned / n) - counted);
          counted = Math.floor(scanned / n);
        }
      } finally {
        loaded.dispose();
      }
    }
    const pass = new DirectPass(d, to - from);
    for (let query = from; query < to; query += pass.capacity) {
      const pairs = lists.candidates(query - from, Math.min(to, query + pass.capacity) - from);
      const found = pass.compute(data, queries.data, query, pairs);
      keepNearest(pairs, found, job, query);
      await job.meter.add(0);
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

function partOf(block: CenteredBlock, from: number, to: number, d: number): CenteredBlock {
  return {
    rows: block.rows.subarray(from * d, to * d),
    squaredNorms: block.squaredNorms.subarray(from, to),
    factors: block.factors.subarray(from, to),
  };
}

/** Sorts the candidates of each query, which come in order of their index, and keeps the first kMax. */
function keepNearest({ starts, rows }: Pairs, found: Float64Array, job: Job, firstQuery: number): void {
  const { kMax, distances, indices } = job;
  for (let i = 0; i + 1 < starts.length; i++) {
    const order = stableOrder(found, starts[i], starts[i + 1]);
    for (let j = 0, at = (firstQuery + i) * kMax; j < kMax; j++, at++) {
      distances[at] = found[order[j]];
      indices[at] = rows[order[j]];
    }
  }
}
