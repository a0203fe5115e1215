import type { QueriesInMemory } from "./direct-pairs.js";
import type { KeyScan } from "./key-scan.js";
import type { RowBlock } from "./row-block.js";

/** Some queries, and what a search for their neighbors needs to know. */
export interface QueryShare extends QueriesInMemory {
  /** Number of queries. */
  readonly m: number;
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

/** One way to compare queries with all training rows, block by block. */
export interface Comparison {
  /** How many queries are compared at a time. */
  readonly atOnce: number;
  /** Goes through keys. */
  readonly scan: KeyScan;
  /**
   * Makes some rows of a block ready to be compared.
   *
   * @param block - the block, of which `raw` is filled
   * @param from - first row
   * @param to - row after the last
   */
  prepare(block: RowBlock, from: number, to: number): void;
  /**
   * Takes a block that all rows of are ready; where it was taken already, nothing happens.
   *
   * @param block - the block
   */
  load(block: RowBlock): Promise<void>;
  /**
   * Tries some queries on the block that was taken.
   *
   * @param queries - how many queries
   * @returns how many rows were left to them, were their k nearest of the block known
   */
  trial(queries: number): Promise<number>;
  /**
   * Multiplies queries with the block that was taken; what comes out is where `scan` looks for it.
   *
   * @param from - first query
   * @param to - query after the last, at most `atOnce` queries further
   */
  multiply(from: number, to: number): Promise<void>;
  /** Gives the block's memory back. */
  dispose(): void;
}
