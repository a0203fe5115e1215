import type { ByteMatrix, LoadedByteRows } from "../../engines/index.js";
import { ByteRounding, type ByteRows, byteRows, directError, withLargest } from "./byte-rows.js";
import { ByteScan } from "./byte-scan.js";
import { CandidateLists } from "./candidates.js";
import {
  type Comparison,
  compareAll,
  type QueryShare,
  queriesHeld,
  type Report,
  type Settle,
} from "./comparison.js";
import { directOf } from "./direct-pairs.js";
import type { RowBlock } from "./row-block.js";
import { turnedAt } from "./search-memory.js";
import { turnedBytes, turnedRows, turnKernel } from "./wasm/turn.js";

const productNumbers = 1024 * 1024;
const mostQueries = 256;

/**
 * How many candidates the comparison by 8-bit products holds for a query: its bounds are wider than those of the other.
 *
 * @param n - number of training rows
 * @param k - neighbors wanted
 * @returns room for six times k and 192 more, but no more than n
 */
export function byteCapacity(n: number, k: number): number {
  return Math.min(n, 6 * k + 192);
}

/**
 * Compares queries with training rows by 8-bit products, which cost a fraction of float32 products, and keeps as
 * candidates the rows that `ByteRows` does not rule out. Keys are distances.
 */
export class ByteComparison implements Comparison {
  readonly lists: CandidateLists;
  readonly #share: QueryShare;
  readonly #bytes: ByteMatrix;
  readonly #asked: ByteRows;
  readonly #rounding: ByteRounding;
  readonly #scan: ByteScan;
  readonly #atOnce: number;
  #block: RowBlock | undefined;
  #loaded: LoadedByteRows | undefined;

  /**
   * @param share - the queries
   * @param bytes - what multiplies
   * @param asked - the queries, rounded
   */
  constructor(share: QueryShare, bytes: ByteMatrix, asked: ByteRows) {
    const { m, n, d, k, middle, blockRows } = share;
    this.#share = share;
    this.#bytes = bytes;
    this.#asked = asked;
    this.#rounding = new ByteRounding(middle, bytes.most, "signed");
    const room = 16 * Math.floor(productNumbers / blockRows / 16);
    this.#atOnce = Math.max(1, Math.min(m, mostQueries, Math.max(16, room)));
    const held = queriesHeld(share, this.#atOnce);
    this.lists = new CandidateLists(held, k, byteCapacity(n, k), {
      direct: directOf(share, () => this.#block as RowBlock),
      key: (_, distance) => Math.sqrt(distance),
      margin: (key) => directError(d) * key,
    });
    this.lists.hold(0, held);
    this.#scan = new ByteScan(share, this.#asked, this.lists, { queries: this.#atOnce, rows: blockRows });
  }

  /**
   * @param share - the queries
   * @returns the queries, rounded
   */
  static round({ queries, m, d, middle, stride }: QueryShare): ByteRows {
    return byteRows(queries, m, middle, 127, new Uint8Array(m * d), stride);
  }

  prepare(block: RowBlock, from: number, to: number): void {
    const { d, stride, memory, scratch } = this.#share;
    const kernel = turnKernel(memory, d, scratch + turnedAt);
    for (let first = from; first < to; first += turnedRows) {
      const end = Math.min(to, first + turnedRows);
      const [steps, squaredNorms, radii] = [block.steps, block.squaredNorms, block.radii].map((numbers) =>
        numbers.subarray(first, end),
      );
      const rows = block.raw.subarray(first * stride, end * stride);
      const into = { values: kernel.rows, length: turnedBytes(d), steps, squaredNorms, radii };
      this.#rounding.round(rows, stride, [0, end - first], into);
      kernel.turn(block.values as Int8Array, block.steps.length, first, end - first);
    }
  }

  async trial(block: RowBlock, queries: number): Promise<number> {
    const { m, d } = this.#share;
    const loaded = await this.#load(block);
    const count = Math.min(m, queries, this.#atOnce);
    if (count === 0) return 0;
    const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * m) / count));
    const rows = new Uint8Array(count * d);
    chosen.forEach((query, i) => {
      rows.set(this.#asked.values.subarray(query * d, (query + 1) * d), i * d);
    });
    await loaded.products(rows, count, this.#scan.products);
    return chosen.reduce((sum, query, i) => sum + this.#scan.left(i, query), 0);
  }

  async compare(block: RowBlock, report: Report, settle: Settle): Promise<void> {
    const { n, d } = this.#share;
    const loaded = await this.#load(block);
    const rows = block.steps.length;
    await compareAll(this.lists, this.#share, this.#atOnce, {
      compare: async (query, end) => {
        const asked = this.#asked.values.subarray(query * d) as Uint8Array;
        await loaded.products(asked, end - query, this.#scan.products);
        this.#scan.take(query, end, block.firstRow);
        await report((end - query) * rows);
      },
      settle: () => settle(block),
    });
    this.dispose();
    if (block.firstRow + rows < n) this.lists.endBlock();
  }

  dispose(): void {
    this.#loaded?.dispose();
    this.#loaded = undefined;
  }

  async #load(block: RowBlock): Promise<LoadedByteRows> {
    if (this.#loaded) return this.#loaded;
    const { values, steps, squaredNorms, radii, firstRow } = block;
    this.#block = block;
    this.lists.startBlock(firstRow);
    this.#scan.block = withLargest({ values: values as Int8Array, steps, squaredNorms, radii });
    this.#loaded = await this.#bytes.loadColumns(values as Int8Array, steps.length, this.#share.d);
    return this.#loaded;
  }
}
