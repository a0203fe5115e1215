import { type DirectKernel, directKernel } from "./wasm/direct.js";

/** Pairs of some consecutive queries and training rows. */
export interface Pairs {
  /** Int32Array, queries + 1: where the pairs of each query start; the last entry is the number of pairs. */
  readonly starts: Int32Array;
  /** Int32Array: the training row of each pair. */
  readonly rows: Int32Array;
}

const mostQueries = 512;

/**
 * Computes squared distances of pairs of queries and training rows, some hundred queries at a time and among those the
 * pairs of a training row together, so that little is fetched again.
 */
export class DirectPairs {
  readonly #kernel: DirectKernel;
  readonly #queries: Float32Array;
  readonly #d: number;
  readonly #capacity: number;

  /**
   * @param queries - Float32Array, m x d row-major: the queries
   * @param m - number of queries
   * @param d - length of the rows
   * @param capacity - how many queries are taken at a time, default 512
   */
  constructor(queries: Float32Array, m: number, d: number, capacity = mostQueries) {
    this.#queries = queries;
    this.#d = d;
    this.#capacity = Math.max(1, Math.min(m, capacity));
    this.#kernel = directKernel(d, this.#capacity);
  }

  /**
   * @param pairs - some pairs
   * @param n - number of training rows
   * @returns their distances, to be computed
   */
  distances(pairs: Pairs, n: number): PairDistances {
    const { rows, starts } = pairs;
    const found = new Float64Array(rows.length);
    const isWanted = new Uint8Array(n);
    for (const row of rows) isWanted[row] = 1;
    const parts: PartOrder[] = [];
    for (let query = 0; query + 1 < starts.length; query += this.#capacity) {
      const end = Math.min(starts.length - 1, query + this.#capacity);
      parts.push(new PartOrder(pairs, query, end, n));
    }
    const take = (wanted: ArrayLike<number>, data: Float32Array) => {
      for (const part of parts) {
        if (part.wants(wanted)) this.#take(part, found, wanted, data);
      }
    };
    return { pairs, found, rows: positions(isWanted), take };
  }

  #take(part: PartOrder, found: Float64Array, rows: ArrayLike<number>, data: Float32Array): void {
    const [d, queries] = [this.#d, this.#queries];
    const { row: memory, queries: held, stride, distance, distances4, four } = this.#kernel;
    for (let i = part.first; i < part.end; i++) {
      held.set(queries.subarray(i * d, (i + 1) * d), (i - part.first) * stride);
    }
    const { order, queryOf, rows: own, ends } = part;
    let next = part.next;
    let at = next > 0 ? ends[next - 1] : 0;
    for (let i = 0; i < rows.length && next < own.length; i++) {
      if (rows[i] !== own[next]) continue;
      memory.set(data.subarray(i * d, (i + 1) * d));
      const end = ends[next++];
      for (; at + 4 <= end; at += 4) {
        distances4(queryOf[at], queryOf[at + 1], queryOf[at + 2], queryOf[at + 3]);
        for (let j = 0; j < 4; j++) found[order[at + j]] = four[j];
      }
      for (; at < end; at++) found[order[at]] = distance(queryOf[at]);
    }
    part.next = next;
  }
}

/** The squared distances of some pairs, which are filled in as training rows come. */
export interface PairDistances {
  /** The pairs. */
  readonly pairs: Pairs;
  /** Float64Array: the squared distance of each pair. */
  readonly found: Float64Array;
  /** Int32Array: the training rows of the pairs, ascending, each once. */
  readonly rows: Int32Array;
  /**
   * Computes the distances of the pairs of some training rows; they come in ascending order from call to call.
   *
   * @param rows - indices of training rows, ascending, among them the next of `rows`
   * @param data - Float32Array: these training rows, row-major
   */
  take(rows: ArrayLike<number>, data: Float32Array): void;
}

/** The pairs of some consecutive queries in order of their training row. */
class PartOrder {
  readonly first: number;
  readonly end: number;
  /** Positions of the pairs. */
  readonly order: Int32Array;
  /** The query of each, counted from the first. */
  readonly queryOf: Int32Array;
  /** The training rows, each once. */
  readonly rows: Int32Array;
  /** Where the pairs of each of these end. */
  readonly ends: Int32Array;
  /** Which of the rows comes next. */
  next = 0;

  constructor({ starts, rows }: Pairs, first: number, end: number, n: number) {
    this.first = first;
    this.end = end;
    const [from, to] = [starts[first], starts[end]];
    const ends = new Int32Array(n + 1);
    for (let pair = from; pair < to; pair++) ends[rows[pair] + 1]++;
    const isWanted = new Uint8Array(n);
    for (let row = 0; row < n; row++) if (ends[row + 1] > 0) isWanted[row] = 1;
    this.rows = positions(isWanted);
    for (let row = 0; row < n; row++) ends[row + 1] += ends[row];
    this.order = new Int32Array(to - from);
    this.queryOf = new Int32Array(to - from);
    for (let query = first; query < end; query++) {
      for (let pair = starts[query]; pair < starts[query + 1]; pair++) {
        const at = ends[rows[pair]]++;
        this.order[at] = pair;
        this.queryOf[at] = query - first;
      }
    }
    this.ends = this.rows.map((row) => ends[row]);
  }

  /** Whether any of some rows, which are ascending, may be its next. */
  wants(rows: ArrayLike<number>): boolean {
    return this.next < this.rows.length && this.rows[this.next] <= rows[rows.length - 1];
  }
}

/** Positions of the numbers that are 1. */
function positions(isWanted: Uint8Array): Int32Array {
  let count = 0;
  for (let i = 0; i < isWanted.length; i++) count += isWanted[i];
  const rows = new Int32Array(count);
  for (let i = 0, at = 0; at < count; i++) if (isWanted[i] === 1) rows[at++] = i;
  return rows;
}
