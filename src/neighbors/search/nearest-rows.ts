import type { Pairs } from "./direct-pairs.js";

/** The k nearest training rows of some queries, as far as training rows were looked at. */
export class NearestRows {
  /** Float64Array, queries x k: squared distances, ascending; infinite where there are fewer. */
  readonly distances: Float64Array;
  /** Int32Array, queries x k: their training rows, equally near ones by lower index. */
  readonly indices: Int32Array;
  readonly #k: number;
  readonly #counts: Int32Array;
  #distances: Float64Array;
  #rows: Int32Array;

  /**
   * @param queries - how many
   * @param k - neighbors wanted
   */
  constructor(queries: number, k: number) {
    this.distances = new Float64Array(queries * k).fill(Number.POSITIVE_INFINITY);
    this.indices = new Int32Array(queries * k);
    this.#k = k;
    this.#counts = new Int32Array(queries);
    this.#distances = new Float64Array(2 * k);
    this.#rows = new Int32Array(2 * k);
  }

  /**
   * @param query - a query
   * @returns Float64Array: the squared distances of the rows that are known, at most k, ascending
   */
  known(query: number): Float64Array {
    const from = query * this.#k;
    return this.distances.subarray(from, from + this.#counts[query]);
  }

  /**
   * @param query - a query
   * @returns the squared distance of the k-th nearest row, or infinity where there are fewer
   */
  farthest(query: number): number {
    return this.distances[(query + 1) * this.#k - 1];
  }

  /**
   * Takes in other rows.
   *
   * @param first - the first query
   * @param pairs - pairs of queries and rows
   * @param firstRow - what is added to their rows
   * @param found - their squared distances; those that are not wanted may be infinite
   */
  take(first: number, { starts, rows }: Pairs, firstRow: number, found: Float64Array): void {
    for (let i = 0; i + 1 < starts.length; i++) {
      const query = first + i;
      const farthest = this.farthest(query);
      let count = this.#counts[query];
      const known = count;
      for (let pair = starts[i]; pair < starts[i + 1]; pair++) {
        if (found[pair] > farthest || found[pair] === Number.POSITIVE_INFINITY) continue;
        if (count === known) this.#begin(query, starts[i + 1] - pair);
        this.#distances[count] = found[pair];
        this.#rows[count++] = firstRow + rows[pair];
      }
      if (count > known) this.#keep(query, count);
    }
  }

  /** Copies what is known of a query to where others can be added. */
  #begin(query: number, others: number): void {
    const [k, count] = [this.#k, this.#counts[query]];
    if (this.#rows.length < count + others) {
      this.#distances = new Float64Array(2 * (count + others));
      this.#rows = new Int32Array(2 * (count + others));
    }
    for (let j = 0, at = query * k; j < count; j++, at++) {
      this.#distances[j] = this.distances[at];
      this.#rows[j] = this.indices[at];
    }
  }

  #keep(query: number, count: number): void {
    const order = nearestOrder(this.#distances, this.#rows, count);
    const kept = Math.min(this.#k, count);
    for (let j = 0, at = query * this.#k; j < kept; j++, at++) {
      this.distances[at] = this.#distances[order[j]];
      this.indices[at] = this.#rows[order[j]];
    }
    this.#counts[query] = kept;
  }
}

const shortRun = 16;

/**
 * The order of rows by distance, ascending; equally far ones by lower index. Merge sort of short runs.
 *
 * @param distances - their distances, without NaN
 * @param rows - their indices, each once
 * @param count - how many there are
 * @returns Int32Array: the positions from 0 to `count` - 1, ordered
 */
export function nearestOrder(distances: Float64Array, rows: Int32Array, count: number): Int32Array {
  let order = new Int32Array(count);
  for (let from = 0; from < count; from += shortRun) {
    const end = Math.min(count, from + shortRun);
    for (let i = from; i < end; i++) {
      let j = i;
      for (; j > from && isNearer(distances, rows, i, order[j - 1]); j--) order[j] = order[j - 1];
      order[j] = i;
    }
  }
  let merged = new Int32Array(count);
  for (let size = shortRun; size < count; size *= 2) {
    for (let from = 0; from < count; from += 2 * size) {
      const [middle, end] = [Math.min(count, from + size), Math.min(count, from + 2 * size)];
      for (let i = from, j = middle, at = from; at < end; at++) {
        const isSecond = i === middle || (j < end && isNearer(distances, rows, order[j], order[i]));
        merged[at] = isSecond ? order[j++] : order[i++];
      }
    }
    [order, merged] = [merged, order];
  }
  return order;
}

function isNearer(distances: Float64Array, rows: Int32Array, a: number, b: number): boolean {
  return distances[a] < distances[b] || (distances[a] === distances[b] && rows[a] < rows[b]);
}
