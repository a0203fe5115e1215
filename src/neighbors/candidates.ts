import type { CenteredBlock } from "./centered-rows.js";
import type { KeyError } from "./key-error.js";
import { kthSmallest } from "./select.js";

/** Computes squared distances directly, for some training rows and one query. */
export interface DirectDistances {
  /** What squared distances are multiplied with to be in the units of keys. */
  readonly scale: number;
  /**
   * @param query - position of the query
   * @param rows - training rows
   * @param from - first position in `rows`
   * @param count - how many
   * @param out - receives `count` squared distances
   */
  compute(query: number, rows: Int32Array, from: number, count: number, out: Float64Array): void;
}

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

/**
 * For each query the training rows that may be among its k nearest, judged by keys whose error is bounded.
 *
 * A row is given up only when k others are certainly nearer: its lower bound, key - error, exceeds the k-th smallest
 * upper bound, key + error. Where so many rows are equally near that they fill the memory (duplicates), their distances
 * are computed directly and the k nearest kept, equally near ones by lower index.
 */
export class CandidateLists {
  readonly #k: number;
  readonly #capacity: number;
  readonly #error: KeyError;
  readonly #direct: DirectDistances;
  readonly #trainLengths: Float64Array;
  readonly #queryLengths: Float64Array;
  readonly #queryFactors: Float64Array;
  readonly #lows: Float64Array;
  readonly #rows: Int32Array;
  readonly #counts: Int32Array;
  readonly #limits: Float64Array;
  readonly #scratch: Float64Array;

  /**
   * @param m - number of queries
   * @param n - number of training rows
   * @param k - neighbors wanted, at most n
   * @param error - bound of the keys' errors
   * @param direct - computes distances directly
   */
  constructor(m: number, n: number, k: number, error: KeyError, direct: DirectDistances) {
    this.#k = k;
    this.#capacity = candidateCapacity(n, k);
    this.#error = error;
    this.#direct = direct;
    this.#trainLengths = new Float64Array(n);
    this.#queryLengths = new Float64Array(m);
    this.#queryFactors = new Float64Array(m);
    this.#lows = new Float64Array(m * this.#capacity);
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
    let longest = 0;
    for (let j = 0; j < n; j++) {
      const length = Math.sqrt(norms[j]);
      this.#trainLengths[firstRow + j] = length;
      if (length > longest) longest = length;
    }
    for (let r = 0; r < queries.squaredNorms.length; r++) {
      const query = firstQuery + r;
      const factor = queries.factors[r];
      const length = Math.sqrt(queries.squaredNorms[r]) / factor;
      this.#queryLengths[query] = length;
      this.#queryFactors[query] = factor;
      const slack = this.#error.bound(longest, length, factor);
      const twice = 2 / factor;
      const start = r * n;
      let bound = this.#limits[query] + slack;
      for (let j = 0; j < n; j++) {
        const key = norms[j] - twice * products[start + j];
        if (key <= bound && firstRow + j !== self[query]) {
          this.#offer(query, firstRow + j, key);
          bound = this.#limits[query] + slack;
        }
      }
    }
  }

  /**
   * The k nearest training rows of a query, once all have been scanned.
   *
   * @param query - position of the query
   * @param distances - receives k squared distances, computed directly, ascending
   * @param rows - receives their training rows; equally near ones by lower index
   * @param at - where in both to write
   */
  finish(query: number, distances: Float64Array, rows: Int32Array, at: number): void {
    this.#tighten(query);
    const start = query * this.#capacity;
    const count = this.#counts[query];
    const found = new Float64Array(count);
    this.#direct.compute(query, this.#rows, start, count, found);
    const order = Int32Array.from(found.keys()).sort((a, b) => found[a] - found[b] || a - b);
    for (let j = 0; j < this.#k; j++) {
      distances[at + j] = found[order[j]];
      rows[at + j] = this.#rows[start + order[j]];
    }
  }

  /** Candidates of a query stay in order of their index. */
  #offer(query: number, row: number, key: number): void {
    const low = key - this.#errorOf(query, row);
    if (low > this.#limits[query]) return;
    const at = query * this.#capacity + this.#counts[query]++;
    this.#lows[at] = low;
    this.#rows[at] = row;
    if (this.#counts[query] < this.#capacity) return;
    this.#tighten(query);
    const room = this.#capacity - this.#counts[query];
    if (room < (this.#capacity - this.#k) / 4) this.#settle(query);
  }

  #errorOf(query: number, row: number): number {
    const factor = this.#queryFactors[query];
    return this.#error.bound(this.#trainLengths[row], this.#queryLengths[query], factor);
  }

  /** Lowers the limit to the k-th smallest upper bound and gives up what lies above it. */
  #tighten(query: number): void {
    const start = query * this.#capacity;
    const end = start + this.#counts[query];
    if (end - start <= this.#k) return;
    for (let at = start; at < end; at++) {
      this.#scratch[at - start] = this.#lows[at] + 2 * this.#errorOf(query, this.#rows[at]);
    }
    const limit = Math.min(this.#limits[query], kthSmallest(this.#scratch, end - start, this.#k));
    let kept = start;
    for (let at = start; at < end; at++) {
      if (this.#lows[at] > limit) continue;
      this.#lows[kept] = this.#lows[at];
      this.#rows[kept++] = this.#rows[at];
    }
    this.#counts[query] = kept - start;
    this.#limits[query] = limit;
  }

  /** Keeps exactly the k nearest of the candidates, by their distances. */
  #settle(query: number): void {
    const start = query * this.#capacity;
    const count = this.#counts[query];
    const found = new Float64Array(count);
    this.#direct.compute(query, this.#rows, start, count, found);
    const last = kthSmallest(found.slice(), count, this.#k);
    let ties = this.#k - found.reduce((nearer, distance) => nearer + (distance < last ? 1 : 0), 0);
    const length = this.#queryLengths[query];
    let kept = start;
    for (let j = 0; j < count; j++) {
      if (found[j] > last || (found[j] === last && ties-- <= 0)) continue;
      const row = this.#rows[start + j];
      this.#rows[kept] = row;
      this.#lows[kept++] = found[j] * this.#direct.scale - length * length - this.#errorOf(query, row);
    }
    this.#counts[query] = this.#k;
    const limit = last * this.#direct.scale - length * length;
    this.#limits[query] = Math.min(this.#limits[query], limit + this.#largestError(query));
  }

  #largestError(query: number): number {
    const start = query * this.#capacity;
    let largest = 0;
    for (let at = start; at < start + this.#counts[query]; at++) {
      largest = Math.max(largest, this.#errorOf(query, this.#rows[at]));
    }
    return largest;
  }
}
