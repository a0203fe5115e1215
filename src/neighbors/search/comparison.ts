import type { CandidateLists } from "./candidates.js";
import type { QueriesInMemory } from "./direct-pairs.js";
import type { RowBlock } from "./row-block.js";

/** Some queries, and what a search for their neighbors needs to know. */
export interface QueryShare extends QueriesInMemory {
  /** Number of queries. */
  readonly m: number;
  /** Number of training rows. */
  readonly n: number;
  /** Length of a row. */
  readonly d: number;
  /** Neighbors wanted. */
  readonly k: number;
  /** Int32Array: for each query the training row that is the same image and is passed over, or -1. */
  readonly self: Int32Array;
  /** A point in the middle of the training rows. */
  readonly middle: Float64Array;
  /** Magnitude of the largest number in the training rows; only where rows are not rounded. */
  readonly largest: number;
  /** Most training rows in a block. */
  readonly blockRows: number;
}

/** How rows are compared: by products of 8-bit integers, or of float32 numbers. */
export type ComparisonKind = "bytes" | "floats";

/** Told how many more pairs of a query and a training row were compared; throws to interrupt. */
export type Report = (pairs: number) => Promise<void>;

/** Told that the candidates of the queries that are held are complete. */
export type Settle = (block: RowBlock) => void;

/** One way to compare queries with all training rows, block by block. */
export interface Comparison {
  /** The candidates that were kept: of all queries, or where one block is all training rows of some hundred at a time. */
  readonly lists: CandidateLists;
  /**
   * Makes some rows of a block ready to be compared.
   *
   * @param block - the block, of which `raw` is filled
   * @param from - first row
   * @param to - row after the last
   */
  prepare(block: RowBlock, from: number, to: number): void;
  /**
   * Tries some queries on a block.
   *
   * @param block - the block, prepared
   * @param queries - how many queries
   * @returns how many rows were left to them, were their k nearest of the block known
   */
  trial(block: RowBlock, queries: number): Promise<number>;
  /**
   * Compares all queries with a block.
   *
   * @param block - the block, prepared
   * @param report - told of progress
   * @param settle - where the block is all training rows, told of queries before others are held
   */
  compare(block: RowBlock, report: Report, settle: Settle): Promise<void>;
  /** Gives memory back. */
  dispose(): void;
}

const settledQueries = 512;

/**
 * How many queries are held at a time.
 *
 * @param share - the queries
 * @param atOnce - how many are compared at a time
 * @returns all, or where one block is all training rows some hundred
 */
export function queriesHeld({ m, n, blockRows }: QueryShare, atOnce: number): number {
  return blockRows < n ? m : Math.min(m, atOnce * Math.ceil(settledQueries / atOnce));
}

/**
 * Compares queries with a block, some at a time.
 *
 * @param lists - the lists of candidates, which are told what queries to hold where the block is all training rows
 * @param share - the queries
 * @param atOnce - how many are compared at a time
 * @param tools - `compare`: compares the queries from `from` to `to`; `settle`: told of queries before others are held
 */
export async function compareAll(
  lists: CandidateLists,
  share: QueryShare,
  atOnce: number,
  { compare, settle }: { compare(from: number, to: number): Promise<void>; settle(): void },
): Promise<void> {
  const { m, n, blockRows } = share;
  const held = queriesHeld(share, atOnce);
  for (let first = 0; first < m; first += held) {
    const end = Math.min(m, first + held);
    if (blockRows >= n) lists.hold(first, end);
    for (let from = first; from < end; from += atOnce) await compare(from, Math.min(end, from + atOnce));
    if (blockRows >= n) settle();
  }
}
