import type { Pairs } from "./direct-pass.js";
import { kthSmallest } from "./select.js";

/** How squared distances that were computed directly relate to the keys of a search, larger keys being farther. */
export interface ExactKeys {
  /** The squared distance of a query and a training row. */
  direct(query: number, row: number): number;
  /** The key of a query and a row at a squared distance. */
  key(query: number, squaredDistance: number): number;
  /** How far such a key may be from the true one, given half the width of the row's bounds. */
  margin(key: number, halfWidth: number): number;
}

/** Bytes of memory that each candidate takes. */
export const bytesPerCandidate = 20;

/**
 * For each query the training rows that may be among its k nearest, judged by a lower and an upper bound of their keys.
 *
 * A row is given up only when k others are certainly nearer: its lower bound exceeds the k-th smallest upper bound. Where
 * so many rows are equally near that they fill the memory (duplicates), their distances are computed directly and the k
 * nearest kept, equally near ones by lower index. The candidates of a query stay in order of their index.
 */
export class CandidateLists {
  /** Float64Array: for each query a key that its k nearest rows certainly do not exceed. */
  readonly limits: Float64Array;
  readonly #k: number;
  readonly #capacity: number;
  readonly #exact: ExactKeys;
  readonly #lows: Float64Array;
  readonly #highs: Float64Array;
  readonly #rows: Int32Array;
  readonly #counts: Int32Array;
  readonly #scratch: Float64Array;

  /**
   * @param m - number of queries
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
    this.#rows = new Int32Array(m * capacity);
    this.#counts = new Int32Array(m);
    this.limits = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
    this.#scratch = new Float64Array(capacity);
  }

  /**
   * @param query - position of a query
   * @returns how many candidates it has
   */
  count(query: number): number {
    return this.#counts[query];
  }

  /**
   * Takes in a row. Rows come in order of their index, and none whose lower bound exceeds the query's limit.
   *
   * @param query - position of the query
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
    if (this.#counts[query] < this.#capacity) return false;
    this.#tighten(query);
    const room = this.#capacity - this.#counts[query];
    if (room < (this.#capacity - this.#k) / 8) this.#settle(query);
    return true;
  }

  /**
   * What is to be compared directly first, once all training rows were taken in: the k candidates that seem nearest. Puts
   * them before the query's other candidates.
   *
   * @param from - first query
   * @param to - query after the last
   * @returns the pairs of these queries and k candidates each
   */
  nearest(from: number, to: number): Pairs {
    const k = this.#k;
    const starts = Int32Array.from({ length: to - from + 1 }, (_, i) => i * k);
    const rows = new Int32Array(starts[to - from]);
    for (let query = from; query < to; query++) {
      this.#tighten(query);
      const first = query * this.#capacity;
      const count = this.#counts[query];
      this.#scratch.set(this.#highs.subarray(first, first + count));
      const last = kthSmallest(this.#scratch, count, k);
      let ties = k;
      for (let j = 0; j < count; j++) if (this.#highs[first + j] < last) ties--;
      const chosen: number[] = [];
      const others: number[] = [];
      for (let at = first; at < first + count; at++) {
        const near = this.#highs[at] < last || (this.#highs[at] === last && ties-- > 0);
        (near ? chosen : others).push(at);
      }
      this.#arrange(first, [...chosen, ...others]);
      rows.set(this.#rows.subarray(first, first + k), starts[query - from]);
    }
    return { starts, rows };
  }

  /**
   * What is left to be compared once `nearest` were: the other candidates that the k found do not rule out.
   *
   * @param from - first query
   * @param to - query after the last
   * @param found - the squared distances of the pairs that `nearest` gave
   * @returns the pairs of these queries and those candidates
   */
  others(from: number, to: number, found: Float64Array): Pairs {
    const k = this.#k;
    const starts = new Int32Array(to - from + 1);
    const rows: number[] = [];
    for (let query = from; query < to; query++) {
      const first = query * this.#capacity;
      let limit = this.limits[query];
      let farthest = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < k; j++) {
        const key = this.#exact.key(query, found[(query - from) * k + j]);
        const halfWidth = (this.#highs[first + j] - this.#lows[first + j]) / 2;
        farthest = Math.max(farthest, key + this.#exact.margin(key, halfWidth));
      }
      limit = Math.min(limit, farthest);
      for (let j = k; j < this.#counts[query]; j++) {
        if (this.#lows[first + j] <= limit) rows.push(this.#rows[first + j]);
      }
      starts[query - from + 1] = rows.length;
    }
    return { starts, rows: Int32Array.from(rows) };
  }

  #arrange(first: number, order: readonly number[]): void {
    for (const values of [this.#lows, this.#highs, this.#rows]) {
      values.set(
        order.map((at) => values[at]),
        first,
      );
    }
  }

  /** Lowers the limit to the k-th smallest upper bound and gives up what lies above it. */
  #tighten(query: number): void {
    const first = query * this.#capacity;
    const count = this.#counts[query];
    if (count <= this.#k) return;
    const [lows, highs, rows, scratch] = [this.#lows, this.#highs, this.#rows, this.#scratch];
    for (let j = 0; j < count; j++) scratch[j] = highs[first + j];
    const limit = Math.min(this.limits[query], kthSmallest(scratch, count, this.#k));
    let kept = first;
    for (let at = first; at < first + count; at++) {
      if (lows[at] > limit) continue;
      lows[kept] = lows[at];
      highs[kept] = highs[at];
      rows[kept++] = rows[at];
    }
    this.#counts[query] = kept - first;
    this.limits[query] = limit;
  }

  /** Keeps exactly the k nearest of the candidates, by their distances. */
  #settle(query: number): void {
    const first = query * this.#capacity;
    const rows = this.#rows.subarray(first, first + this.#counts[query]);
    const found = Float64Array.from(rows, (row) => this.#exact.direct(query, row));
    const last = kthSmallest(found.slice(), found.length, this.#k);
    let ties = this.#k - found.reduce((nearer, distance) => nearer + (distance < last ? 1 : 0), 0);
    let kept = first;
    let limit = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < found.length; j++) {
      if (found[j] > last || (found[j] === last && ties-- <= 0)) continue;
      const key = this.#exact.key(query, found[j]);
      const bound = this.#exact.margin(key, (this.#highs[first + j] - this.#lows[first + j]) / 2);
      this.#rows[kept] = rows[j];
      this.#lows[kept] = key - bound;
      this.#highs[kept++] = key + bound;
      limit = Math.max(limit, key + bound);
    }
    this.#counts[query] = this.#k;
    this.limits[query] = Math.min(this.limits[query], limit);
  }
}

const groupRows = 32;

/**
 * A key that k rows certainly do not exceed, from the least keys of groups of rows; one group more than k counts, as one
 * of the least keys may be that of the image itself.
 *
 * @param keys - Float64Array: keys of some rows
 * @param n - how many there are
 * @param k - how many rows
 * @returns the key, or infinity where there are too few rows for such groups
 */
export function firstLimit(keys: Float64Array, n: number, k: number): number {
  const groups = k + Math.max(k, 32);
  const size = Math.min(groupRows, Math.floor(n / groups));
  if (size < 2) return Number.POSITIVE_INFINITY;
  const least = new Float64Array(groups);
  for (let group = 0; group < groups; group++) {
    let smallest = Number.POSITIVE_INFINITY;
    for (let j = group * size; j < (group + 1) * size; j++) if (keys[j] < smallest) smallest = keys[j];
    least[group] = smallest;
  }
  return kthSmallest(least, groups, k + 1);
}

/**
 * The same of groups whose least keys someone else finds, four groups at a time.
 *
 * @param n - number of rows
 * @param k - how many rows
 * @param find - finds the least keys of four times `fours` groups of `size` rows each
 * @returns the key, or infinity where there are too few rows for such groups
 */
export function firstLimitOfGroups(
  n: number,
  k: number,
  find: (fours: number, size: number) => Float32Array,
): number {
  const fours = Math.ceil((k + Math.max(k, 32)) / 4);
  const size = Math.min(groupRows, Math.floor(n / (4 * fours)));
  if (size < 2) return Number.POSITIVE_INFINITY;
  const least = Float64Array.from(find(fours, size).subarray(0, 4 * fours));
  return kthSmallest(least, least.length, k + 1);
}
