import type { TrainRows } from "./train-rows.js";
import { directKernel } from "./wasm/direct.js";

const queryBytes = 32 * 1024 * 1024;
const mostQueries = 4096;

/** Pairs of some consecutive queries and training rows. */
export interface Pairs {
  /** Int32Array, queries + 1: where the pairs of each query start; the last entry is the number of pairs. */
  readonly starts: Int32Array;
  /** Int32Array: the training row of each pair. */
  readonly rows: Int32Array;
}

/**
 * Computes squared distances of many pairs, going through the training rows in order: a row that is near to several
 * queries is fetched once.
 */
export class DirectPass {
  /** How many queries are taken at a time. */
  readonly capacity: number;
  readonly #d: number;
  readonly #kernel: ReturnType<typeof directKernel>;

  /**
   * @param d - length of the rows
   * @param queries - how many queries there are
   * @param mostBytes - memory that queries may take, no more than 32 MB of it used
   */
  constructor(d: number, queries: number, mostBytes = queryBytes) {
    const room = Math.floor(Math.min(mostBytes, queryBytes) / (4 * d));
    this.capacity = Math.max(1, Math.min(queries, mostQueries, room));
    this.#d = d;
    this.#kernel = directKernel(d, this.capacity);
  }

  /**
   * @param train - training rows
   * @param queries - queries, row-major
   * @param firstQuery - the query to which `pairs.starts[0]` belongs
   * @param pairs - the pairs, of at most `capacity` queries
   * @returns Float64Array: the squared distance of each pair
   */
  compute(
    train: TrainRows,
    queries: Float32Array,
    firstQuery: number,
    { starts, rows }: Pairs,
  ): Float64Array {
    const d = this.#d;
    const { stride, queries: memory, row: rowMemory } = this.#kernel;
    const count = starts.length - 1;
    const total = starts[count];
    const queryOf = new Int32Array(total);
    for (let i = 0; i < count; i++) {
      const at = (firstQuery + i) * d;
      memory.set(queries.subarray(at, at + d), i * stride);
      queryOf.fill(i, starts[i], starts[i + 1]);
    }
    const out = new Float64Array(total);
    let fetched = -1;
    for (const pair of orderByRow(rows, total, train.n)) {
      const row = rows[pair];
      if (row !== fetched) rowMemory.set(train.row(row));
      fetched = row;
      out[pair] = this.#kernel.distance(queryOf[pair]);
    }
    return out;
  }
}

function orderByRow(rows: Int32Array, total: number, n: number): Int32Array {
  const next = new Int32Array(n + 1);
  for (let pair = 0; pair < total; pair++) next[rows[pair] + 1]++;
  for (let row = 0; row < n; row++) next[row + 1] += next[row];
  const order = new Int32Array(total);
  for (let pair = 0; pair < total; pair++) order[next[rows[pair]]++] = pair;
  return order;
}
