import type { Pairs } from "./direct-pairs.js";
import { nearestOrder } from "./select.js";

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
   * @returns how many rows are known, at most k
   */
  count(query: number): number {
    return this.#counts[query];
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
