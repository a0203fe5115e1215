import type { ByteMatrix, LoadedByteRows } from "../../engines/index.js";
import { ByteKeys } from "./byte-keys.js";
import { ByteRounding, type ByteRows, byteRows, withLargest } from "./byte-rows.js";
import type { Comparison, QueryShare } from "./comparison.js";
import { KeyScan } from "./key-scan.js";
import type { RowBlock } from "./row-block.js";
import { turnedAt } from "./search-memory.js";
import { type ScanKernel, scanKernel } from "./wasm/scan.js";
import { turnedBytes, turnedRows, turnKernel } from "./wasm/turn.js";

const productNumbers = 1024 * 1024;
const mostQueries = 256;

/**
 * Compares queries with training rows by 8-bit products, which cost a fraction of float32 products; `ByteRows` tells which
 * rows they rule out.
 */
export class ByteComparison implements Comparison {
  readonly atOnce: number;
  readonly scan: KeyScan;
  readonly #share: QueryShare;
  readonly #bytes: ByteMatrix;
  readonly #asked: ByteRows;
  readonly #rounding: ByteRounding;
  readonly #bounds: ByteKeys;
  readonly #kernel: ScanKernel;
  #loaded: LoadedByteRows | undefined;

  /**
   * @param share - the queries
   * @param bytes - what multiplies
   * @param asked - the queries, rounded
   */
  constructor(share: QueryShare, bytes: ByteMatrix, asked: ByteRows) {
    const { m, d, k, middle, blockRows } = share;
    this.#share = share;
    this.#bytes = bytes;
    this.#asked = asked;
    this.#rounding = new ByteRounding(middle, bytes.most, "signed");
    const room = 16 * Math.floor(productNumbers / blockRows / 16);
    this.atOnce = Math.max(1, Math.min(m, mostQueries, Math.max(16, room)));
    this.#bounds = new ByteKeys(asked, d);
    this.#kernel = scanKernel({ queries: this.atOnce, rows: blockRows, others: k });
    this.scan = new KeyScan(this.#kernel, this.#bounds, k);
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

  async load(block: RowBlock): Promise<void> {
    if (this.#loaded) return;
    const { steps, squaredNorms, radii } = block;
    const values = block.values as Int8Array;
    this.#bounds.setBlock(withLargest({ values, steps, squaredNorms, radii }), this.#kernel);
    this.scan.rows = steps.length;
    this.#loaded = await this.#bytes.loadColumns(values, steps.length, this.#share.d);
  }

  async trial(queries: number): Promise<number> {
    const { m, d } = this.#share;
    const count = Math.min(m, queries, this.atOnce);
    if (count === 0) return 0;
    const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * m) / count));
    const rows = new Uint8Array(count * d);
    chosen.forEach((query, i) => {
      rows.set(this.#asked.values.subarray(query * d, (query + 1) * d), i * d);
    });
    await this.#loaded!.products(rows, count, this.#kernel.products);
    return chosen.reduce((sum, query, i) => sum + this.scan.left(i, query), 0);
  }

  multiply(from: number, to: number): Promise<void> {
    const asked = this.#asked.values.subarray(from * this.#share.d) as Uint8Array;
    return this.#loaded!.products(asked, to - from, this.#kernel.products);
  }

  dispose(): void {
    this.#loaded?.dispose();
    this.#loaded = undefined;
  }
}
