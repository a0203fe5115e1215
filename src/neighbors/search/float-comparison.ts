import type { LoadedRows, MatrixBackend } from "../../engines/index.js";
import { type CenteredBlock, Centering } from "./centered-rows.js";
import type { Comparison, QueryShare } from "./comparison.js";
import { FloatKeys } from "./float-keys.js";
import { KeyScan } from "./key-scan.js";
import type { RowBlock } from "./row-block.js";
import { floatScanKernel, type ScanKernel } from "./wasm/scan.js";

const queryBlockRows = 512;

/**
 * Compares queries with training rows by float32 products of centred rows: keys |x|^2 - 2 x.y, whose error `KeyError`
 * bounds.
 */
export class FloatComparison implements Comparison {
  readonly atOnce: number;
  readonly scan: KeyScan;
  readonly #share: QueryShare;
  readonly #matrix: MatrixBackend;
  readonly #centering: Centering;
  readonly #asked: CenteredBlock;
  readonly #bounds: FloatKeys;
  readonly #kernel: ScanKernel<Float32Array>;
  #loaded: LoadedRows | undefined;
  #memory = new Float32Array(0);

  /**
   * @param share - the queries
   * @param matrix - what multiplies
   */
  constructor(share: QueryShare, matrix: MatrixBackend) {
    const { queries, m, d, k, middle, largest, stride, blockRows } = share;
    this.#share = share;
    this.#matrix = matrix;
    this.#centering = new Centering(middle, largest);
    this.#asked = this.#centering.block(queries, [0, m], new Float32Array(m * d), stride);
    this.atOnce = Math.min(m, queryBlockRows);
    this.#bounds = new FloatKeys(this.#asked, this.#centering.scale, d);
    this.#kernel = floatScanKernel({ queries: this.atOnce, rows: blockRows, others: k });
    this.scan = new KeyScan(this.#kernel, this.#bounds, k);
  }

  prepare(block: RowBlock, from: number, to: number): void {
    const { d, stride } = this.#share;
    const target = (block.values as Float32Array).subarray(from * d, to * d);
    const { squaredNorms } = this.#centering.block(block.raw, [from, to], target, stride);
    block.squaredNorms.set(squaredNorms, from);
  }

  async load(block: RowBlock): Promise<void> {
    if (this.#loaded) return;
    const rows = block.squaredNorms.length;
    this.#bounds.setBlock(block.squaredNorms, this.#kernel);
    this.scan.rows = rows;
    this.#loaded = this.#matrix.loadRows(this.#own(block.values as Float32Array), rows, this.#share.d);
  }

  async trial(): Promise<number> {
    return 0;
  }

  async multiply(from: number, to: number): Promise<void> {
    const { d } = this.#share;
    const asked = this.#asked.rows.subarray(from * d, to * d);
    const { products: own } = this.#kernel;
    const products = await this.#loaded!.products(asked, to - from, own);
    if (products.buffer !== own.buffer) own.set(products);
  }

  dispose(): void {
    this.#loaded?.dispose();
    this.#loaded = undefined;
  }

  /** The same numbers in memory that engines take: not all take that which threads share. */
  #own(values: Float32Array): Float32Array {
    if (this.#memory.length < values.length) this.#memory = new Float32Array(values.length);
    this.#memory.set(values);
    return this.#memory.subarray(0, values.length);
  }
}
