import type { CenteredBlock } from "./centered-rows.js";
import type { Pairs } from "./direct-pass.js";
import type { KeyError } from "./key-error.js";
import { kthSmallest } from "./select.js";

/**
 * How many candidates are held for a query.
 *
 * @param n - number of training rows
 * @param k - neighbors wanted
 * @returns room for k and as many again, at least 32 more, but no more than n
 */
export function candidateCapacity(n: number, k: number): number {
  return Math.min(n, k + Math.max(k, 32));
}

/** Bytes of memory that each candidate takes. */
export const bytesPerCandidate = 20;

const groupRows = 32;

/**
 * For each query the training rows that may be among its k nearest, judged by keys whose error is bounded.
 *
 * A row is given up only when k others are certainly nearer: its lower bound, key - error, exceeds the k-th smallest
 * upper bound, key + error. Where so many rows are equally near that they fill the memory (duplicates), their distances
 * are computed directly and the k nearest kept, equally near ones by lower index. The candidates of a query stay in
 * order of their index.
 */
export class CandidateLists {
  readonly #k: number;
  readonly #capacity: number;
  readonly #error: KeyError;
  readonly #scale: number;
  readonly #direct: (query: number, row: number) => number;
  readonly #lows: Float64Array;
  readonly #highs: Float64Array;
  readonly #rows: Int32Array;
  readonly #counts: Int32Array;
  readonly #limits: Float64Array;
  readonly #scratch: Float64Array;

  /**
   * @param m - number of queries
   * @param n - number of training rows
   * @param k - neighbors wanted, at most n
   * @param error - bound of the keys' errors
   * @param exact - `direct`: the squared distance of a query and a training row; `scale`: what lengths were multiplied with
   * before the products
   */
  constructor(
    m: number,
    n: number,
    k: number,
    error: KeyError,
    exact: { readonly direct: (query: number, row: number) => number; readonly scale: number },
  ) {
    this.#k = k;
    this.#capacity = candidateCapacity(n, k);
    this.#error = error;
    this.#scale = exact.scale * exact.scale;
    this.#direct = exact.direct;
    this.#lows = new Float64Array(m * this.#capacity);
    this.#highs = new Float64Array(m * this.#capacity);
    this.#rows = new Int32Array(m * this.#capacity);
    this.#counts = new Int32Array(m);
    this.#limits = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
    this.#scratch = new Float64Array(this.#capacity);
  }

  /**
   * Takes in the inner products of some queries with a block of training rows.
   *
   * @param products - Float32Array, queries x rows of the block
   * @param queries - the queries' norms and factors
   * @param firstQuery - position of the first query
   * @param train - norms of the block's training rows
   * @param firstRow - index of the block's first training row
   * @param self - for each query the training row that is the same image and is passed over, or -1
   */
  scan(
    products: Float32Array,
    queries: CenteredBlock,
    firstQuery: number,
    train: CenteredBlock,
    firstRow: number,
    self: Int32Array,
  ): void {
    const norms = train.squaredNorms;
    const n = norms.length;
    const lengths = norms.map(Math.sqrt);
    const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
    const capacity = this.#capacity;
    const [lows, highs, rows, error] = [this.#lows, this.#highs, this.#rows, this.#error];
    for (let r = 0; r < queries.squaredNorms.length; r++) {
      const query = firstQuery + r;
      const factor = queries.factors[r];
      const length = Math.sqrt(queries.squaredNorms[r]) / factor;
      const slack = error.bound(longest, length, factor);
      const twice = 2 / factor;
      const start = r * n;
      const own = self[query] - firstRow;
      const first = query * capacity;
      let at = first + this.#counts[query];
      if (at === first) this.#limits[query] = this.#firstLimit(products, start, norms, twice) + slack;
      let limit = this.#limits[query];
      let reach = limit + slack;
      for (let j = 0; j < n; ) {
        while (
          j + 4 <= n &&
          !(
            norms[j] - twice * products[start + j] <= reach ||
            norms[j + 1] - twice * products[start + j + 1] <= reach ||
            norms[j + 2] - twice * products[start + j + 2] <= reach ||
            norms[j + 3] - twice * products[start + j + 3] <= reach
          )
        ) {
          j += 4;
        }
        for (const stop = Math.min(j + 4, n); j < stop; j++) {
          const key = norms[j] - twice * products[start + j];
          if (key > reach || j === own) continue;
          const bound = error.bound(lengths[j], length, factor);
          if (key - bound > limit) continue;
          lows[at] = key - bound;
          highs[at] = key + bound;
          rows[at++] = firstRow + j;
          if (at < first + capacity) continue;
          this.#counts[query] = capacity;
          this.#makeRoom(query, length);
          at = first + this.#counts[query];
          limit = this.#limits[query];
          reach = limit + slack;
        }
      }
      this.#counts[query] = at - first;
    }
  }

  /**
   * What is left to be compared directly, once all training rows have been scanned.
   *
   * @param from - first query
   * @param to - query after the last
   * @returns the pairs of these queries and their candidates, at least k a query
   */
  candidates(from: number, to: number): Pairs {
    const starts = new Int32Array(to - from + 1);
    for (let query = from; query < to; query++) {
      this.#tighten(query);
      starts[query - from + 1] = starts[query - from] + this.#counts[query];
    }
    const rows = new Int32Array(starts[to - from]);
    for (let query = from; query < to; query++) {
      const first = query * this.#capacity;
      rows.set(this.#rows.subarray(first, first + this.#counts[query]), starts[query - from]);
    }
    return { starts, rows };
  }

  /**
   * A key that k rows certainly do not exceed, from the least keys of groups of rows; one group more than k counts, as one
   * of the least keys may be that of the image itself.
   */
  #firstLimit(products: Float32Array, start: number, norms: Float64Array, twice: number): number {
    const groups = this.#capacity;
    const size = Math.min(groupRows, Math.floor(norms.length / groups));
    if (size < 2 || groups <= this.#k) return Number.POSITIVE_INFINITY;
    for (let group = 0; group < groups; group++) {
      let least = Number.POSITIVE_INFINITY;
      for (let j = group * size; j < (group + 1) * size; j++) {
        const key = norms[j] - twice * products[start + j];
        if (key < least) least = key;
      }
      this.#scratch[group] = least;
    }
    return kthSmallest(this.#scratch, groups, this.#k + 1);
  }

  #makeRoom(query: number, length: number): void {
    this.#tighten(query);
    const room = this.#capacity - this.#counts[query];
    if (room < (this.#capacity - this.#k) / 4) this.#settle(query, length);
  }

  /** Lowers the limit to the k-th smallest upper bound and gives up what lies above it. */
  #tighten(query: number): void {
    const first = query * this.#capacity;
    const count = this.#counts[query];
    if (count <= this.#k) return;
    const [lows, highs, rows, scratch] = [this.#lows, this.#highs, this.#rows, this.#scratch];
    for (let j = 0; j < count; j++) scratch[j] = highs[first + j];
    const limit = Math.min(this.#limits[query], kthSmallest(scratch, count, this.#k));
    let kept = first;
    for (let at = first; at < first + count; at++) {
      if (lows[at] > limit) continue;
      lows[kept] = lows[at];
      highs[kept] = highs[at];
      rows[kept++] = rows[at];
    }
    this.#counts[query] = kept - first;
    this.#limits[query] = limit;
  }

  /** Keeps exactly the k nearest of the candidates, by their distances. */
  #settle(query: number, length: number): void {
    const first = query * this.#capacity;
    const rows = this.#rows.subarray(first, first + this.#counts[query]);
    const found = Float64Array.from(rows, (row) => this.#direct(query, row));
    const last = kthSmallest(found.slice(), found.length, this.#k);
    let ties = this.#k - found.reduce((nearer, distance) => nearer + (distance < last ? 1 : 0), 0);
    let kept = first;
    let limit = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < found.length; j++) {
      if (found[j] > last || (found[j] === last && ties-- <= 0)) continue;
      const bound = (this.#highs[first + j] - this.#lows[first + j]) / 2;
      const key = found[j] * this.#scale - length * length;
      this.#rows[kept] = rows[j];
      this.#lows[kept] = key - bound;
      this.#highs[kept++] = key + bound;
      limit = Math.max(limit, key + bound);
    }
    this.#counts[query] = this.#k;
    this.#limits[query] = Math.min(this.#limits[query], limit);
  }
}
