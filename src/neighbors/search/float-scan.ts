import { type CandidateLists, firstLimit } from "./candidates.js";
import type { CenteredBlock } from "./centered-rows.js";
import type { QueryShare } from "./comparison.js";
import { KeyError } from "./key-error.js";
import type { RowBlock } from "./row-block.js";
import { floatScanKernel, type ScanKernel } from "./wasm/scan.js";

const roundoff32 = 2 ** -24;
const leastFactor = 2 ** -50;

/**
 * Goes through float32 products of queries with a block of centred training rows and keeps the rows that may be near
 * enough.
 *
 * Rows are found by float32 keys, whose rounding, below 8 * 2^-24 (|x| + |y|)^2 plus what underflow loses, is added to the
 * limit; those found are judged again in float64. A query that was scaled down below 2^-50, whose keys might overflow, has
 * all of them judged.
 */
export class FloatScan {
  readonly #share: QueryShare;
  readonly #lists: CandidateLists;
  readonly #error: KeyError;
  readonly #kernel: ScanKernel<Float32Array>;
  #firstRow = 0;
  #norms = new Float64Array(0);
  #lengths = new Float64Array(0);
  #longest = 0;

  /**
   * @param share - the queries
   * @param lists - receives the candidates
   * @param most - queries and rows at a time
   */
  constructor(
    share: QueryShare,
    lists: CandidateLists,
    most: { readonly queries: number; readonly rows: number },
  ) {
    this.#share = share;
    this.#lists = lists;
    this.#error = new KeyError(share.d);
    this.#kernel = floatScanKernel(most.queries, most.rows);
  }

  /** Float32Array: where products belong, queries x rows of the block, row-major. */
  get products(): Float32Array {
    return this.#kernel.products;
  }

  /** Sets the block of training rows. */
  set block({ firstRow, squaredNorms }: RowBlock) {
    this.#firstRow = firstRow;
    this.#norms = Float64Array.from(squaredNorms);
    this.#lengths = this.#norms.map(Math.sqrt);
    this.#longest = this.#lengths.reduce((a, b) => Math.max(a, b), 0);
    this.#kernel.norms.fill(Number.POSITIVE_INFINITY);
    this.#kernel.norms.set(squaredNorms);
    this.#kernel.steps.fill(1);
  }

  /**
   * Takes in the products of some queries.
   *
   * @param products - Float32Array, queries x rows, `this.products` or not
   * @param queries - the queries, centred
   * @param firstQuery - the first of them
   */
  take(products: Float32Array, queries: CenteredBlock, firstQuery: number): void {
    const { products: own, hits } = this.#kernel;
    if (products.buffer !== own.buffer) own.set(products);
    const [lists, error, norms, lengths] = [this.#lists, this.#error, this.#norms, this.#lengths];
    const rows = norms.length;
    const { limits, first: held } = lists;
    for (let r = 0; r < queries.squaredNorms.length; r++) {
      const query = firstQuery + r;
      const place = query - held;
      const factor = queries.factors[r];
      const length = Math.sqrt(queries.squaredNorms[r]) / factor;
      const slack = error.bound(this.#longest, length, factor);
      const twice = 2 / factor;
      const start = r * rows;
      const self = this.#share.self[query] - this.#firstRow;
      const isFar = factor < leastFactor;
      const rounding = 8 * roundoff32 * (this.#longest + length) ** 2 + 2 ** -120;
      let size = 0;
      if (lists.count(place) === 0 && !isFar) {
        const least = firstLimit(rows, this.#share.k, (groups, groupRows) => {
          size = groupRows;
          this.#kernel.findLeast(start, groups / 4, groupRows, twice);
          return this.#kernel.least;
        });
        limits[place] = Math.min(limits[place], least + rounding + slack);
      }
      const found = isFar ? this.#all() : this.#find(start, twice, limits[place] + slack + rounding, size);
      for (let i = 0; i < found; i++) {
        const j = hits[i];
        if (j === self || j >= rows) continue;
        const key = norms[j] - twice * own[start + j];
        const bound = error.bound(lengths[j], length, factor);
        if (key - bound <= limits[place]) lists.add(place, this.#firstRow + j, key - bound, key + bound);
      }
    }
  }

  #find(start: number, twice: number, reach: number, size: number): number {
    const inFloats = reach + 4 * roundoff32 * Math.abs(reach);
    return this.#kernel.find(start, this.#norms.length, twice, inFloats, size);
  }

  #all(): number {
    const rows = this.#norms.length;
    for (let j = 0; j < rows; j++) this.#kernel.hits[j] = j;
    return rows;
  }
}
