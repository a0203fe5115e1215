import type { SharedMemory } from "../../core/wasm-assembler.js";
import type { RowBlock } from "./row-block.js";
import { type DirectKernel, directKernel, mostInFloats, pairsAtOnce } from "./wasm/direct.js";

/** Pairs of some consecutive queries and rows of a block. */
export interface Pairs {
  /** Int32Array, queries + 1: where the pairs of each query start; the last entry is the number of pairs. */
  readonly starts: Int32Array;
  /** Int32Array: the row of each pair, in the block. */
  readonly rows: Int32Array;
}

/** Some queries in memory that threads share. */
export interface QueriesInMemory {
  /** The memory. */
  readonly memory: SharedMemory;
  /** Float32Array, m x stride row-major: the queries. */
  readonly queries: Float32Array;
  /** Numbers from the start of one row to the next: d, made a multiple of 4; those past d are zero. */
  readonly stride: number;
  /** Address of `directBytes` of this thread's own. */
  readonly scratch: number;
}

/**
 * Computes squared distances of many pairs of queries and training rows: the pairs of a training row together, so that
 * little is fetched again.
 */
export class DirectPairs {
  readonly #kernel: DirectKernel;
  readonly #queries: Float32Array;
  readonly #stride: number;

  /** @param held - the queries */
  constructor({ memory, queries, stride, scratch }: QueriesInMemory) {
    this.#kernel = directKernel(memory, stride, scratch);
    this.#queries = queries;
    this.#stride = stride;
  }

  /**
   * @param pairs - some pairs
   * @param block - their training rows
   * @param firstQuery - the first of their queries
   * @returns Float64Array: the squared distance of each pair
   */
  distances(pairs: Pairs, block: RowBlock, firstQuery: number): Float64Array {
    const found = new Float64Array(pairs.rows.length);
    const { order, queryOf } = byRow(pairs, block);
    this.#measure(order, { pairs, queryOf, block, firstQuery }, "doubles", found);
    return found;
  }

  /**
   * Squared distances up to a limit: pairs are measured in float32 first, which takes less time.
   *
   * @param pairs - some pairs
   * @param block - their training rows
   * @param firstQuery - the first of their queries
   * @param limit - gives the squared distance beyond which pairs of a query are not wanted
   * @returns Float64Array: the squared distance of each pair, of those beyond their limit infinite, or not
   */
  distancesWithin(
    pairs: Pairs,
    block: RowBlock,
    firstQuery: number,
    limit: (query: number) => number,
  ): Float64Array {
    const found = new Float64Array(pairs.rows.length);
    const { order, queryOf } = byRow(pairs, block);
    const all = { pairs, queryOf, block, firstQuery };
    this.#measure(order, all, "floats", found);
    const most = Float64Array.from(pairs.starts, (_, i) => mostInFloats(this.#stride, limit(firstQuery + i)));
    let left = 0;
    for (const pair of order) {
      if (found[pair] > most[queryOf[pair]] && found[pair] < Number.POSITIVE_INFINITY) {
        found[pair] = Number.POSITIVE_INFINITY;
      } else {
        order[left++] = pair;
      }
    }
    this.#measure(order.subarray(0, left), all, "doubles", found);
    return found;
  }

  #measure(order: Int32Array, pairs: PlacedPairs, numbers: "doubles" | "floats", found: Float64Array): void {
    const { addresses, distances, run } = this.#kernel;
    const bytes = 4 * this.#stride;
    const { queryOf, block, firstQuery } = pairs;
    const { rows } = pairs.pairs;
    const firstRow = block.raw.byteOffset;
    const first = this.#queries.byteOffset + bytes * firstQuery;
    for (let from = 0; from < order.length; from += pairsAtOnce) {
      const count = Math.min(pairsAtOnce, order.length - from);
      for (let i = 0; i < count; i++) {
        const pair = order[from + i];
        addresses[2 * i] = firstRow + bytes * rows[pair];
        addresses[2 * i + 1] = first + bytes * queryOf[pair];
      }
      for (let i = count; i % 4 > 0; i++) {
        addresses[2 * i] = addresses[0];
        addresses[2 * i + 1] = addresses[1];
      }
      run(count, numbers);
      for (let i = 0; i < count; i++) found[order[from + i]] = distances[i];
    }
  }
}

/** Pairs, and where their rows are. */
interface PlacedPairs {
  readonly pairs: Pairs;
  /** The query of each, counted from the first. */
  readonly queryOf: Int32Array;
  readonly block: RowBlock;
  readonly firstQuery: number;
}

/** The positions of pairs in order of their row, and the query of each pair, counted from the first. */
function byRow({ starts, rows }: Pairs, block: RowBlock): { order: Int32Array; queryOf: Int32Array } {
  const n = block.squaredNorms.length;
  const next = new Int32Array(n + 1);
  for (let pair = 0; pair < rows.length; pair++) next[rows[pair] + 1]++;
  for (let row = 0; row < n; row++) next[row + 1] += next[row];
  const order = new Int32Array(rows.length);
  const queryOf = new Int32Array(rows.length);
  for (let query = 0; query + 1 < starts.length; query++) {
    for (let pair = starts[query]; pair < starts[query + 1]; pair++) {
      order[next[rows[pair]]++] = pair;
      queryOf[pair] = query;
    }
  }
  return { order, queryOf };
}
