import type { Pairs } from "./direct-pairs.js";

/**
 * Rows of a block that may be among the nearest of some consecutive queries, with keys that say about how far they are.
 */
export class Candidates {
  /** The first query. */
  first = 0;
  /** How many queries there are. */
  queries = 0;
  #rows = new Int32Array(1024);
  #keys = new Float32Array(1024);
  #ends = new Int32Array(64);
  #near = new Float64Array(64);

  /** @returns how many candidates there are */
  get count(): number {
    return this.queries === 0 ? 0 : this.#ends[this.queries - 1];
  }

  /**
   * Forgets all.
   *
   * @param first - the query that comes next
   */
  clear(first: number): void {
    this.first = first;
    this.queries = 0;
  }

  /**
   * Takes in the rows of the next query.
   *
   * @param hits - Int32Array: rows, ascending
   * @param keys - Float32Array: their keys
   * @param count - how many
   * @param near - about the key of the k-th nearest row
   * @param own - a row that is passed over, or -1
   */
  add(hits: Int32Array, keys: Float32Array, count: number, near: number, own: number): void {
    let at = this.count;
    if (at + count > this.#rows.length) this.#grow(2 * (at + count));
    if (this.queries === this.#ends.length) {
      this.#ends = enlarged(this.#ends, 2 * this.queries);
      this.#near = enlarged(this.#near, 2 * this.queries);
    }
    const [rows, kept] = [this.#rows, this.#keys];
    for (let i = 0; i < count; i++) {
      if (hits[i] === own) continue;
      rows[at] = hits[i];
      kept[at++] = keys[i];
    }
    this.#near[this.queries] = near;
    this.#ends[this.queries++] = at;
  }

  /**
   * Those that seem to be among the k nearest; `others` passes them over.
   *
   * @param k - neighbors wanted
   * @returns the pairs of the queries and these rows, at most k for each query
   */
  nearest(k: number): Pairs {
    const starts = new Int32Array(this.queries + 1);
    const chosen = new Int32Array(Math.min(this.count, this.queries * k));
    const [rows, keys] = [this.#rows, this.#keys];
    let out = 0;
    for (let query = 0, at = 0; query < this.queries; query++) {
      const [end, most, near] = [this.#ends[query], out + k, this.#near[query]];
      for (; at < end && out < most; at++) {
        if (keys[at] > near) continue;
        chosen[out++] = rows[at];
        rows[at] = ~rows[at];
      }
      at = end;
      starts[query + 1] = out;
    }
    return { starts, rows: chosen.subarray(0, out) };
  }

  /**
   * The others, as far as keys do not rule them out.
   *
   * @param reachOf - gives what finds a key that a row does not exceed if it is one of the k nearest of a query
   * @returns the pairs of the queries and these rows
   */
  others(reachOf: (query: number) => (row: number) => number): Pairs {
    const starts = new Int32Array(this.queries + 1);
    const [rows, keys] = [this.#rows, this.#keys];
    let out = 0;
    for (let query = 0, from = 0; query < this.queries; query++) {
      const end = this.#ends[query];
      const reach = reachOf(this.first + query);
      for (let at = from; at < end; at++) {
        const row = rows[at];
        if (row >= 0 && keys[at] <= reach(row)) rows[out++] = row;
      }
      starts[query + 1] = out;
      from = end;
    }
    return { starts, rows: rows.subarray(0, out) };
  }

  #grow(length: number): void {
    this.#rows = enlarged(this.#rows, length);
    this.#keys = enlarged(this.#keys, length);
  }
}

function enlarged<T extends Int32Array | Float32Array | Float64Array>(numbers: T, length: number): T {
  const larger = new (numbers.constructor as new (length: number) => T)(length);
  larger.set(numbers);
  return larger;
}
