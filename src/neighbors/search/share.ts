import { loadEngine, type MatrixBackend } from "../../engines/index.js";
import { javascriptBytes } from "../../engines/javascript-bytes.js";
import { ByteComparison } from "./byte-comparison.js";
import type { ByteRows } from "./byte-rows.js";
import type { Comparison, ComparisonKind, QueryShare, Report } from "./comparison.js";
import { DirectPairs } from "./direct-pairs.js";
import { FloatComparison } from "./float-comparison.js";
import type { RowBlock } from "./row-block.js";
import { type Found, Settlement, type WantedRows } from "./settlement.js";

/**
 * Finds the neighbors of some queries, whose training rows are handed to it block by block. All methods take what can be
 * sent to a thread.
 */
export class ShareSearch {
  readonly #matrix: MatrixBackend | undefined;
  readonly #report: Report;
  #share: QueryShare | undefined;
  #comparison: Comparison | undefined;
  #direct: DirectPairs | undefined;
  #asked: ByteRows | undefined;
  #found: Found | undefined;
  /** Int32Array: the indices of all training rows, where they are one block. */
  #rows = new Int32Array(0);
  /** Settles all queries, where the training rows are several blocks. */
  #settlement: Settlement | undefined;

  /**
   * @param report - told of progress
   * @param matrix - what multiplies; default onnxruntime-node on one thread
   */
  constructor(report: Report, matrix?: MatrixBackend) {
    this.#report = report;
    this.#matrix = matrix;
  }

  /**
   * Takes the queries.
   *
   * @param share - the queries
   * @param kind - how to compare
   * @param again - whether the queries are those of the last time, and are to be compared in the same way
   */
  async begin(share: QueryShare, kind: ComparisonKind, again: boolean): Promise<void> {
    if (!again) this.end();
    this.#comparison?.dispose();
    const matrix = this.#matrix ?? (await loadEngine("onnxruntime-node")).matrix.onOneThread!();
    this.#share = share;
    this.#direct = new DirectPairs(share);
    const numbers = share.m * share.k;
    this.#found = { distances: new Float64Array(numbers), indices: new Int32Array(numbers) };
    this.#settlement = undefined;
    if (kind === "floats") {
      this.#comparison = new FloatComparison(share, matrix);
      return;
    }
    const bytes = (await matrix.bytes?.()) ?? javascriptBytes;
    this.#asked ??= ByteComparison.round(share);
    this.#comparison = new ByteComparison(share, bytes, this.#asked);
  }

  /** @see Comparison.prepare */
  prepare(block: RowBlock, from: number, to: number): void {
    this.#comparison!.prepare(block, from, to);
  }

  /** @see Comparison.trial */
  trial(block: RowBlock, queries: number): Promise<number> {
    return this.#comparison!.trial(block, queries);
  }

  /** @see Comparison.compare */
  compare(block: RowBlock): Promise<void> {
    return this.#comparison!.compare(block, this.#report, (all) => this.#settle(all));
  }

  /**
   * The training rows whose distances are to be computed, where they are several blocks: first those of the k candidates of
   * each query that seem nearest, then those of the others that are left.
   *
   * @returns indices of training rows, ascending
   */
  wanted(): Int32Array {
    this.#settlement ??= new Settlement(this.#share!, this.#comparison!.lists, this.#direct!);
    return this.#settlement.next().rows();
  }

  /**
   * Computes distances to some of the wanted rows; all of them are to be handed in, in ascending order.
   *
   * @param wanted - the rows
   */
  measure(wanted: WantedRows): void {
    this.#settlement!.take(wanted);
  }

  /** @returns the neighbors; where the training rows are several blocks, once all wanted rows were measured twice */
  finish(): Found {
    const found = this.#found!;
    this.#settlement?.keep(found);
    this.#settlement = undefined;
    this.#found = undefined;
    this.#comparison!.dispose();
    this.#comparison = undefined;
    return found;
  }

  /** Gives memory back. */
  end(): void {
    this.#comparison?.dispose();
    this.#comparison = undefined;
    this.#direct = undefined;
    this.#asked = undefined;
    this.#share = undefined;
    this.#settlement = undefined;
    this.#found = undefined;
  }

  /** Finds the neighbors of the queries that are held, among all training rows. */
  #settle({ raw: data }: RowBlock): void {
    const { n } = this.#share!;
    if (this.#rows.length !== n) this.#rows = Int32Array.from({ length: n }, (_, row) => row);
    const settlement = new Settlement(this.#share!, this.#comparison!.lists, this.#direct!);
    for (let time = 0; time < 2; time++) {
      settlement.next();
      settlement.take({ rows: this.#rows, data });
    }
    settlement.keep(this.#found!);
  }
}
