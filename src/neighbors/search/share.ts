import { loadEngine, type MatrixBackend } from "../../engines/index.js";
import { javascriptBytes } from "../../engines/javascript-bytes.js";
import { ByteComparison } from "./byte-comparison.js";
import type { ByteRows } from "./byte-rows.js";
import type { Comparison, ComparisonKind, QueryShare, Report } from "./comparison.js";
import { DirectPairs, type PairDistances } from "./direct-pairs.js";
import { FloatComparison } from "./float-comparison.js";
import { keepNearest } from "./keep-nearest.js";
import type { RowBlock } from "./row-block.js";

/** Training rows as they are, some of those that a share wants. */
export interface WantedRows {
  /** Int32Array: indices of training rows, ascending. */
  readonly rows: Int32Array;
  /** Float32Array, rows x stride row-major, in the memory that the threads share. */
  readonly data: Float32Array;
}

/** What a share found: k distances and training rows for each query, nearest first. */
export interface Found {
  readonly distances: Float64Array;
  readonly indices: Int32Array;
}

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
  #measured: PairDistances[] = [];

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
    this.#measured = [];
    this.#comparison?.dispose();
    const matrix = this.#matrix ?? (await loadEngine("onnxruntime-node")).matrix.onOneThread!();
    this.#share = share;
    this.#direct = new DirectPairs(share);
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
    return this.#comparison!.compare(block, this.#report);
  }

  /**
   * The training rows whose distances are to be computed: first those of the k candidates of each query that seem nearest,
   * then those of the others that are left.
   *
   * @returns indices of training rows, ascending
   */
  wanted(): Int32Array {
    const { lists } = this.#comparison!;
    const [near] = this.#measured;
    const pairs = near ? lists.others(near.found) : lists.nearest();
    const distances = this.#direct!.distances(pairs, this.#share!.n);
    this.#measured.push(distances);
    return distances.rows;
  }

  /**
   * Computes distances to some of the wanted rows; all of them are to be handed in, in ascending order.
   *
   * @param wanted - the rows
   */
  measure({ rows, data }: WantedRows): void {
    this.#measured.at(-1)!.take(rows, data);
  }

  /** @returns the neighbors, once all wanted rows were measured twice */
  finish(): Found {
    const { m, k } = this.#share!;
    const found = { distances: new Float64Array(m * k), indices: new Int32Array(m * k) };
    const pairs = this.#measured.map((one) => one.pairs);
    const distances = this.#measured.map((one) => one.found);
    keepNearest(pairs, distances, { k, ...found });
    this.#comparison!.dispose();
    this.#comparison = undefined;
    this.#measured = [];
    return found;
  }

  /** Gives memory back. */
  end(): void {
    this.#comparison?.dispose();
    this.#comparison = undefined;
    this.#direct = undefined;
    this.#asked = undefined;
    this.#share = undefined;
    this.#measured = [];
  }
}
