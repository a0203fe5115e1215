import type { DirectDistances, Pairs } from "./direct-pairs.js";
import { kthSmallest, smallestOf } from "./select.js";

/** How squared distances that were computed directly relate to the keys of a search, larger keys being farther. */
export interface ExactKeys {
  /** Computes squared distances of a query and training rows of the block at hand. */
  readonly direct: DirectDistances;
  /** The key of a query and a row at a squared distance. */
  key(query: number, squaredDistance: number): number;
  /** How far such a key may be from the true one, given half the width of the row's bounds. */
  margin(key: number, halfWidth: number): number;
}

/** Bytes of memory that each candidate takes. */
export const bytesPerCandidate = 28;

/**
 * For each query the training rows that may be among its k nearest, judged by a lower and an upper bound of their keys.
 *
 * A row is given up only when k others are certainly nearer: its lower bound exceeds the k-th smallest upper bound. Where
 * so many rows are equally near that they fill the memory (duplicates), their distances are computed directly and of
 * those the k nearest kept, equally near ones by lower index. That is possible only for rows of the block at hand, so at
 * the end of each block at most half of the room is left to rows of unknown distance. The candidates of a query stay in
 * order of their index.
 */
export class CandidateLists {
  /** Float64Array: for each query that is held a key that its k nearest rows certainly do not exceed. */
  readonly limits: Float64Array;
  /** The first query that is held. */
  first = 0;
  readonly #k: number;
  readonly #capacity: number;
  readonly #exact: ExactKeys;
  readonly #lows: Float64Array;
  readonly #highs: Float64Array;
  readonly #found: Float64Array;
  readonly #rows: Int32Array;
  readonly #counts: Int32Array;
  readonly #scratch: Float64Array;
  readonly #unknown: Int32Array;
  #held = 0;
  #blockStart = 0;

  /**
   * @param m - most queries that are held
   * @param k - neighbors wanted
   * @param capacity - candidates held for a query, more than k unless there are only k rows
   * @param exact - squared distances and their keys
   */
  constructor(m: number, k: number, capacity: number, exact: ExactKeys) {
    this.#k = k;
    this.#capacity = capacity;
    this.#exact = exact;
    this.#lows = new Float64Array(m * capacity);
    this.#highs = new Float64Array(m * capacity);
    this.#found = new Float64Array(m * capacity);
    this.#rows = new Int32Array(m * capacity);
    this.#counts = new Int32Array(m);
    this.limits = new Float64Array(m);
    this.#scratch = new Float64Array(capacity);
    this.#unknown = new Int32Array(capacity);
  }

  /**
   * Holds other queries from now on, of which nothing is known.
   *
   * @param first - the first of them
   * @param end - query after the last
   */
  hold(first: number, end: number): void {
    this.first = first;
    this.#held = end - first;
    this.#counts.fill(0, 0, this.#held);
    this.limits.fill(Number.POSITIVE_INFINITY, 0, this.#held);
  }

  /**
   * @param query - place of a query among those that are held
   * @returns how many candidates it has
   */
  count(query: number): number {
    return this.#counts[query];
  }

  /**
   * Tells that rows of another block follow.
   *
   * @param firstRow - index of the block's first row
   */
  startBlock(firstRow: number): void {
    this.#blockStart = firstRow;
  }

  /** Lowers all limits, and computes distances where too many rows are of unknown distance; before the block changes. */
  endBlock(): void {
    for (let query = 0; query < this.#held; query++) {
      this.#tighten(query);
      const first = query * this.#capacity;
      let unknown = 0;
      for (let at = first; at < first + this.#counts[query]; at++) if (!(this.#found[at] >= 0)) unknown++;
      if (unknown > (this.#capacity - this.#k) / 2) this.#settle(query);
    }
  }

  /**
   * Takes in a row. Rows come in order of their index, and none whose lower bound exceeds the query's limit.
   *
   * @param query - place of the query among those that are held
   * @param row - index of the training row
   * @param low - a key that is certainly not above the row's
   * @param high - a key that is certainly not below it
   * @returns whether the query's limit may have changed
   */
  add(query: number, row: number, low: number, high: number): boolean {
    const at = query * this.#capacity + this.#counts[query]++;
    this.#lows[at] = low;
    this.#highs[at] = high;
    this.#rows[at] = row;
    this.#found[at] = Number.NaN;
    if (this.#counts[query] < this.#capacity) return false;
    this.#tighten(query);
    const room = this.#capacity - this.#counts[query];
    if (room < (this.#capacity - this.#k) / 8) this.#settle(query);
    return true;
  }

  /**
   * What is to be compared directly first, once all training rows were taken in: the k candidates that seem nearest. They
   * are marked, so that `others` passes them over.
   *
   * @returns the pairs of the queries that are held and k candidates each
   */
  nearest(): Pairs {
    const k = this.#k;
    const m = this.#held;
    const starts = new Int32Array(m + 1);
    for (let i = 0; i <= m; i++) starts[i] = i * k;
    const chosen = new Int32Array(m * k);
    const [highs, rows, scratch] = [this.#highs, this.#rows, this.#scratch];
    for (let query = 0, out = 0; query < m; query++) {
      this.#tighten(query);
      const first = query * this.#capacity;
      const end = first + this.#counts[query];
      for (let at = first; at < end; at++) scratch[at - first] = highs[at];
      const last = kthSmallest(scratch, end - first, k);
      let ties = k;
      for (let at = first; at < end; at++) if (highs[at] < last) ties--;
      for (let at = first; at < end; at++) {
        if (highs[at] > last || (highs[at] === last && ties-- <= 0)) continue;
        chosen[out++] = rows[at];
        rows[at] = ~rows[at];
      }
    }
    return { starts, rows: chosen };
  }

  /**
   * What is left to be compared once `nearest` were: the other candidates that the k found do not rule out.
   *
   * @param found - the squared distances of the pairs that `nearest` gave
   * @returns the pairs of the queries that are held and those candidates
   */
  others(found: Float64Array): Pairs {
    const k = this.#k;
    const m = this.#held;
    const starts = new Int32Array(m + 1);
    const limits = new Float64Array(m);
    const [lows, highs, rows] = [this.#lows, this.#highs, this.#rows];
    let left = new Int32Array(m * Math.min(k, 64));
    let count = 0;
    for (let query = 0; query < m; query++) {
      const first = query * this.#capacity;
      const end = first + this.#counts[query];
      let farthest = Number.NEGATIVE_INFINITY;
      for (let at = first, j = query * k; at < end; at++) {
        if (rows[at] >= 0) continue;
        const key = this.#exact.key(this.first + query, found[j]);
        farthest = Math.max(farthest, key + this.#exact.margin(key, (highs[at] - lows[at]) / 2));
        limits[query] = Math.max(limits[query], found[j++]);
      }
      const limit = Math.min(this.limits[query], farthest);
      if (count + end - first > left.length) {
        const larger = new Int32Array(2 * left.length + end - first);
        larger.set(left);
        left = larger;
      }
      for (let at = first; at < end; at++) if (rows[at] >= 0 && lows[at] <= limit) left[count++] = rows[at];
      starts[query + 1] = count;
    }
    return { starts, rows: left.subarray(0, count), limits };
  }

  /** Lowers the limit to the k-th smallest upper bound and gives up what lies above it. */
  #tighten(query: number): void {
    const first = query * this.#capacity;
    const count = this.#counts[query];
    if (count < this.#k) return;
    const [lows, highs, rows, scratch] = [this.#lows, this.#highs, this.#rows, this.#scratch];
    const found = this.#found;
    for (let j = 0; j < count; j++) scratch[j] = highs[first + j];
    const limit = Math.min(this.limits[query], kthSmallest(scratch, count, this.#k));
    let kept = first;
    for (let at = first; at < first + count; at++) {
      if (lows[at] > limit) continue;
      lows[kept] = lows[at];
      highs[kept] = highs[at];
      found[kept] = found[at];
      rows[kept++] = rows[at];
    }
    this.#counts[query] = kept - first;
    this.limits[query] = limit;
  }

  /** Computes distances of the rows of the block at hand, and of the rows of known distance keeps the k nearest. */
  #settle(query: number): void {
    const first = query * this.#capacity;
    const end = first + this.#counts[query];
    const [lows, highs, rows, found] = [this.#lows, this.#highs, this.#rows, this.#found];
    const [places, unknown] = [this.#scratch, this.#unknown];
    let count = 0;
    for (let at = first; at < end; at++) {
      if (!(rows[at] >= this.#blockStart) || found[at] >= 0) continue;
      unknown[count] = rows[at];
      places[count++] = at;
    }
    const asked = this.first + query;
    this.#exact.direct(asked, unknown, count, (i, distance) => {
      const at = places[i];
      found[at] = distance;
      const key = this.#exact.key(asked, distance);
      const bound = this.#exact.margin(key, (highs[at] - lows[at]) / 2);
      lows[at] = key - bound;
      highs[at] = key + bound;
    });
    const known = found.subarray(first, end).filter((distance) => distance >= 0);
    const k = this.#k;
    const last = known.length > k ? kthSmallest(known, known.length, k) : Number.POSITIVE_INFINITY;
    let ties = k - known.reduce((nearer, distance) => nearer + (distance < last ? 1 : 0), 0);
    let kept = first;
    for (let at = first; at < end; at++) {
      if (found[at] > last || (found[at] === last && ties-- <= 0)) continue;
      lows[kept] = lows[at];
      highs[kept] = highs[at];
      found[kept] = found[at];
      rows[kept++] = rows[at];
    }
    this.#counts[query] = kept - first;
    this.#tighten(query);
  }
}

const groupRows = 32;
const few = 12;

/**
 * A key that k rows certainly do not exceed, from the least keys of groups of rows: of as many rows as fill groups, so
 * that the key is close to the k-th smallest. One group more than k counts, as one of the least keys may be that of the
 * image itself.
 *
 * @param n - number of rows
 * @param k - how many rows
 * @param find - finds the least keys of a number of groups, a multiple of four, of `size` rows each
 * @returns the key, or infinity where there are too few rows for such groups
 */
export function firstLimit(
  n: number,
  k: number,
  find: (groups: number, size: number) => ArrayLike<number>,
): number {
  const size = [4 * k, k + Math.max(k, 32)]
    .map((groups) => Math.min(groupRows, Math.floor(n / (4 * Math.ceil(groups / 4)))))
    .find((rows) => rows >= 2);
  if (size === undefined) return Number.POSITIVE_INFINITY;
  const groups = 4 * Math.floor(n / (4 * size));
  if (groups < k + 1) return Number.POSITIVE_INFINITY;
  const least = find(groups, size);
  if (k < few) return smallestOf(least, groups, k + 1);
  const keys = new Float64Array(groups);
  for (let i = 0; i < groups; i++) keys[i] = least[i];
  return kthSmallest(keys, groups, k + 1);
}
