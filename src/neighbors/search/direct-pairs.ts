import type { SharedMemory } from "../../core/wasm-assembler.js";
import type { RowBlock } from "./row-block.js";
import { type DirectKernel, directKernel, type FourPairs, mostInFloats } from "./wasm/direct.js";

/** Pairs of some consecutive queries and training rows. */
export interface Pairs {
  /** Int32Array, queries + 1: where the pairs of each query start; the last entry is the number of pairs. */
  readonly starts: Int32Array;
  /** Int32Array: the training row of each pair. */
  readonly rows: Int32Array;
  /** Float64Array: for each query the squared distance beyond which pairs are not wanted; default none. */
  readonly limits?: Float64Array;
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

/** Computes the squared distances of a query and some rows of the block at hand; the first `count` of `rows`. */
export type DirectDistances = (
  query: number,
  rows: Int32Array,
  count: number,
  take: (place: number, distance: number) => void,
) => void;

/**
 * @param held - the queries
 * @param block - gives the block of training rows at hand
 * @returns computes squared distances of a query and rows of the block
 */
export function directOf(
  { memory, queries, stride, scratch }: QueriesInMemory,
  block: () => RowBlock,
): DirectDistances {
  const kernel = directKernel(memory, stride, scratch);
  return (query, rows, count, take) => {
    const { raw, firstRow } = block();
    const fours = new FourAtOnce(kernel.ofPairs, kernel.four, take);
    const asked = queries.byteOffset + 4 * stride * query;
    for (let i = 0; i < count; i++) fours.add(raw.byteOffset + 4 * stride * (rows[i] - firstRow), asked, i);
    fours.flush();
  };
}

/**
 * Computes squared distances of many pairs of queries and training rows, some hundred queries at a time and among those
 * the pairs of a training row together, so that little is fetched again.
 */
export class DirectPairs {
  readonly #kernel: DirectKernel;
  readonly #first: number;
  readonly #stride: number;
  readonly #atOnce: number;

  /**
   * @param held - the queries
   * @param atOnce - how many queries are taken at a time, default 512
   */
  constructor({ memory, queries, stride, scratch }: QueriesInMemory, atOnce = mostQueries) {
    this.#kernel = directKernel(memory, stride, scratch);
    this.#first = queries.byteOffset;
    this.#stride = stride;
    this.#atOnce = atOnce;
  }

  /**
   * @param pairs - some pairs
   * @param n - number of training rows
   * @param firstQuery - the first of their queries, default 0
   * @returns their distances, to be computed
   */
  distances(pairs: Pairs, n: number, firstQuery = 0): PairDistances {
    const { rows, starts, limits } = pairs;
    const found = new Float64Array(rows.length);
    const parts: PartOrder[] = [];
    for (let query = 0; query + 1 < starts.length; query += this.#atOnce) {
      parts.push(new PartOrder(pairs, query, Math.min(starts.length - 1, query + this.#atOnce), n));
    }
    const first = this.#first + 4 * this.#stride * firstQuery;
    const measure = limits ? this.#within(limits, found, first) : this.#all(found);
    return {
      pairs,
      found,
      rows() {
        const isWanted = new Uint8Array(n);
        for (const row of rows) isWanted[row] = 1;
        return positions(isWanted);
      },
      take: (wanted, data) => {
        for (const part of parts) this.#take(part, measure, first, wanted, data.byteOffset);
        measure.flush();
      },
    };
  }

  /** Measures all pairs. */
  #all(found: Float64Array): Measure {
    const { ofRow, four } = this.#kernel;
    const fours = this.#exact(found);
    const bytes = 4 * this.#stride;
    return {
      row(row, { order, queryOf }, first, from, end) {
        let at = from;
        for (; at + 4 <= end; at += 4) {
          ofRow(
            row,
            first + queryOf[at] * bytes,
            first + queryOf[at + 1] * bytes,
            first + queryOf[at + 2] * bytes,
            first + queryOf[at + 3] * bytes,
          );
          for (let j = 0; j < 4; j++) found[order[at + j]] = four[j];
        }
        for (; at < end; at++) fours.add(row, first + queryOf[at] * bytes, order[at]);
      },
      flush: () => fours.flush(),
    };
  }

  /** Measures in float32 first, which takes less time, and then those that may be within their query's limit. */
  #within(limits: Float64Array, found: Float64Array, firstQuery: number): Measure {
    const bytes = 4 * this.#stride;
    const most = limits.map((limit) => mostInFloats(this.#stride, limit));
    const { ofPairsInFloats, four } = this.#kernel;
    const exact = this.#exact(found);
    const fours = new FourAtOnce(ofPairsInFloats, four, (place, distance, row, query) => {
      const isFar = distance > most[(query - firstQuery) / bytes] && distance < Number.POSITIVE_INFINITY;
      if (isFar) found[place] = Number.POSITIVE_INFINITY;
      else exact.add(row, query, place);
    });
    return {
      row(row, { order, queryOf }, first, from, end) {
        for (let at = from; at < end; at++) fours.add(row, first + queryOf[at] * bytes, order[at]);
      },
      flush() {
        fours.flush();
        exact.flush();
      },
    };
  }

  #exact(found: Float64Array): FourAtOnce {
    return new FourAtOnce(this.#kernel.ofPairs, this.#kernel.four, (place, distance) => {
      found[place] = distance;
    });
  }

  #take(
    part: PartOrder,
    measure: Measure,
    firstQuery: number,
    rows: ArrayLike<number>,
    firstRow: number,
  ): void {
    const bytes = 4 * this.#stride;
    const first = firstQuery + part.first * bytes;
    const { rows: own, ends } = part;
    let { next } = part;
    let at = next > 0 ? ends[next - 1] : 0;
    for (let i = 0; i < rows.length && next < own.length; i++) {
      if (rows[i] !== own[next]) continue;
      const end = ends[next++];
      measure.row(firstRow + i * bytes, part, first, at, end);
      at = end;
    }
    part.next = next;
  }
}

/** The squared distances of some pairs, which are filled in as training rows come. */
export interface PairDistances {
  /** The pairs. */
  readonly pairs: Pairs;
  /** Float64Array: the squared distance of each pair; of one beyond its query's limit infinite, or not. */
  readonly found: Float64Array;
  /** @returns Int32Array: the training rows of the pairs, ascending, each once */
  rows(): Int32Array;
  /**
   * Computes the distances of the pairs of some training rows; they come in ascending order from call to call.
   *
   * @param rows - indices of training rows, ascending, among them the next of `rows()`
   * @param data - Float32Array, rows x stride row-major, in the memory: these training rows
   */
  take(rows: ArrayLike<number>, data: Float32Array): void;
}

/** One way to measure pairs. */
interface Measure {
  /** Takes the pairs from `from` to `end` of a part's order, all of one training row. */
  row(row: number, part: PartOrder, firstQuery: number, from: number, end: number): void;
  /** Measures what is left. */
  flush(): void;
}

/** Collects pairs, of which four at a time are measured. */
class FourAtOnce {
  readonly #run: FourPairs;
  readonly #four: Float64Array;
  readonly #give: (place: number, distance: number, row: number, query: number) => void;
  readonly #rows = new Int32Array(4);
  readonly #queries = new Int32Array(4);
  readonly #places = new Int32Array(4);
  readonly #distances = new Float64Array(4);
  #count = 0;

  /**
   * @param run - measures four pairs
   * @param four - where it leaves the distances
   * @param give - receives what was found
   */
  constructor(
    run: FourPairs,
    four: Float64Array,
    give: (place: number, distance: number, row: number, query: number) => void,
  ) {
    this.#run = run;
    this.#four = four;
    this.#give = give;
  }

  add(row: number, query: number, place: number): void {
    const at = this.#count++;
    this.#rows[at] = row;
    this.#queries[at] = query;
    this.#places[at] = place;
    if (at === 3) this.flush();
  }

  flush(): void {
    const count = this.#count;
    if (count === 0) return;
    const [rows, queries, distances] = [this.#rows, this.#queries, this.#distances];
    rows.fill(rows[0], count);
    queries.fill(queries[0], count);
    this.#count = 0;
    this.#run(rows[0], queries[0], rows[1], queries[1], rows[2], queries[2], rows[3], queries[3]);
    for (let i = 0; i < count; i++) distances[i] = this.#four[i];
    for (let i = 0; i < count; i++) this.#give(this.#places[i], distances[i], rows[i], queries[i]);
  }
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
