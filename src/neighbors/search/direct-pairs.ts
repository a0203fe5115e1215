import type { SharedMemory } from "../../core/wasm-assembler.js";
import type { RowBlock } from "./row-block.js";
import { type DirectKernel, directKernel } from "./wasm/direct.js";

/** Pairs of some consecutive queries and training rows. */
export interface Pairs {
  /** Int32Array, queries + 1: where the pairs of each query start; the last entry is the number of pairs. */
  readonly starts: Int32Array;
  /** Int32Array: the training row of each pair. */
  readonly rows: Int32Array;
}

const mostQueries = 512;

/** Some queries in memory that threads share. */
export interface QueriesInMemory {
  /** The memory. */
  readonly memory: SharedMemory;
  /** Float32Array, m x stride row-major: the queries. */
  readonly queries: Float32Array;
  /** Numbers from the start of one row to the next: d, made a multiple of 4; those past d are zero. */
  readonly stride: number;
  /** Address of 32 bytes of this thread's own. */
  readonly scratch: number;
}

/**
 * @param held - the queries
 * @param block - gives the block of training rows at hand
 * @returns computes the squared distance of a query and a row of the block
 */
export function directOf(
  { memory, queries, stride, scratch }: QueriesInMemory,
  block: () => RowBlock,
): (query: number, row: number) => number {
  const { distance } = directKernel(memory, stride, scratch);
  return (query, row) => {
    const { raw, firstRow } = block();
    return distance(raw.byteOffset + 4 * stride * (row - firstRow), queries.byteOffset + 4 * stride * query);
  };
}

/**
 * Computes squared distances of many pairs of queries and training rows, some hundred queries at a time and among those
 * the pairs of a training row together, so that little is fetched again.
 */
export class DirectPairs {
  readonly #kernel: DirectKernel;
  readonly #first: number;
  readonly #rowBytes: number;
  readonly #atOnce: number;

  /**
   * @param held - the queries
   * @param atOnce - how many queries are taken at a time, default 512
   */
  constructor({ memory, queries, stride, scratch }: QueriesInMemory, atOnce = mostQueries) {
    this.#kernel = directKernel(memory, stride, scratch);
    this.#first = queries.byteOffset;
    this.#rowBytes = 4 * stride;
    this.#atOnce = atOnce;
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
    for (let query = 0; query + 1 < starts.length; query += this.#atOnce) {
      parts.push(new PartOrder(pairs, query, Math.min(starts.length - 1, query + this.#atOnce), n));
    }
    const take = (wanted: ArrayLike<number>, data: Float32Array) => {
      for (const part of parts) this.#take(part, found, wanted, data.byteOffset);
    };
    return { pairs, found, rows: positions(isWanted), take };
  }

  #take(part: PartOrder, found: Float64Array, rows: ArrayLike<number>, firstRow: number): void {
    const { distance, distances4, four } = this.#kernel;
    const bytes = this.#rowBytes;
    const first = this.#first + part.first * bytes;
    const { order, queryOf, rows: own, ends } = part;
    let next = part.next;
    let at = next > 0 ? ends[next - 1] : 0;
    for (let i = 0; i < rows.length && next < own.length; i++) {
      if (rows[i] !== own[next]) continue;
      const row = firstRow + i * bytes;
      const end = ends[next++];
      for (; at + 4 <= end; at += 4) {
        distances4(
          row,
          first + queryOf[at] * bytes,
          first + queryOf[at + 1] * bytes,
          first + queryOf[at + 2] * bytes,
          first + queryOf[at + 3] * bytes,
        );
        for (let j = 0; j < 4; j++) found[order[at + j]] = four[j];
      }
      for (; at < end; at++) found[order[at]] = distance(row, first + queryOf[at] * bytes);
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
   * @param data - Float32Array, rows x stride row-major, in the memory: these training rows
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
}

/** Positions of the numbers that are 1. */
function positions(isWanted: Uint8Array): Int32Array {
  let count = 0;
  for (let i = 0; i < isWanted.length; i++) count += isWanted[i];
  const rows = new Int32Array(count);
  for (let i = 0, at = 0; at < count; i++) if (isWanted[i] === 1) rows[at++] = i;
  return rows;
}
