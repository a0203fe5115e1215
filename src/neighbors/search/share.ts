import { loadEngine, type MatrixBackend } from "../../engines/index.js";
import { javascriptBytes } from "../../engines/javascript-bytes.js";
import { ByteComparison } from "./byte-comparison.js";
import type { ByteRows } from "./byte-rows.js";
import { Candidates } from "./candidates.js";
import type { Comparison, ComparisonKind, QueryShare, Report } from "./comparison.js";
import { DirectPairs } from "./direct-pairs.js";
import { FloatComparison } from "./float-comparison.js";
import { NearestRows } from "./nearest-rows.js";
import type { RowBlock } from "./row-block.js";

const mostHeld = { queries: 256, candidates: 512 * 1024 };

/** What a share found: k squared distances and training rows for each query, nearest first. */
export type Found = Pick<NearestRows, "distances" | "indices">;

/**
 * Finds the neighbors of some queries, whose training rows are handed to it block by block. All methods take what can be
 * sent to a thread.
 *
 * Of each block, keys rule most rows out. Of those left, some hundred queries at a time, distances are computed directly:
 * first of the k that seem nearest, then of the others that these do not rule out. What goes from block to block is
 * nothing but the k nearest rows so far.
 */
export class ShareSearch {
  readonly #matrix: MatrixBackend | undefined;
  readonly #report: Report;
  readonly #candidates = new Candidates();
  #share: QueryShare | undefined;
  #comparison: Comparison | undefined;
  #direct: DirectPairs | undefined;
  #nearest: NearestRows | undefined;
  #asked: ByteRows | undefined;

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
    this.#nearest = new NearestRows(share.m, share.k);
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

  /**
   * Tries some queries on a block.
   *
   * @param block - the block, prepared
   * @param queries - how many queries
   * @returns how many rows were left to them, were their k nearest of the block known
   */
  async trial(block: RowBlock, queries: number): Promise<number> {
    await this.#comparison!.load(block);
    return this.#comparison!.trial(queries);
  }

  /**
   * Finds the nearest rows of all queries in a block.
   *
   * @param block - the block, prepared
   */
  async compare(block: RowBlock): Promise<void> {
    const { m, self } = this.#share!;
    const comparison = this.#comparison!;
    const { atOnce, scan } = comparison;
    const [candidates, nearest] = [this.#candidates, this.#nearest!];
    const rows = block.squaredNorms.length;
    await comparison.load(block);
    candidates.clear(0);
    for (let from = 0; from < m; from += atOnce) {
      const to = Math.min(m, from + atOnce);
      await comparison.multiply(from, to);
      for (let query = from; query < to; query++) {
        const found = scan.find(query - from, query, nearest.farthest(query));
        const own = self[query] - block.firstRow;
        const near = scan.kth(query, found, nearest.known(query), own >= 0 && own < rows);
        candidates.add(scan.hits, scan.keys, found, near, own);
      }
      const isMuch = candidates.queries >= mostHeld.queries || candidates.count >= mostHeld.candidates;
      if (isMuch || to === m) this.#settle(block);
      await this.#report((to - from) * rows);
    }
    comparison.dispose();
  }

  /** @returns the neighbors, once all blocks were compared */
  finish(): Found {
    const { distances, indices } = this.#nearest!;
    this.#comparison!.dispose();
    this.#comparison = undefined;
    this.#nearest = undefined;
    return { distances, indices };
  }

  /** Gives memory back. */
  end(): void {
    this.#comparison?.dispose();
    this.#comparison = undefined;
    this.#direct = undefined;
    this.#nearest = undefined;
    this.#asked = undefined;
    this.#share = undefined;
    this.#candidates.clear(0);
  }

  /** Finds the nearest rows of the queries whose candidates are held. */
  #settle(block: RowBlock): void {
    const [candidates, nearest, direct] = [this.#candidates, this.#nearest!, this.#direct!];
    const { scan } = this.#comparison!;
    const { first } = candidates;
    const near = candidates.nearest(this.#share!.k);
    nearest.take(first, near, block.firstRow, direct.distances(near, block, first));
    const limit = (query: number) => nearest.farthest(query);
    const others = candidates.others((query) => scan.reachOf(query, limit(query)));
    nearest.take(first, others, block.firstRow, direct.distancesWithin(others, block, first, limit));
    candidates.clear(first + candidates.queries);
  }
}
