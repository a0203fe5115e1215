import type { CandidateLists } from "./candidates.js";
import type { QueryShare } from "./comparison.js";
import type { DirectPairs, PairDistances } from "./direct-pairs.js";
import { keepNearest } from "./keep-nearest.js";

/** Training rows as they are, some of those that are wanted. */
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
 * Finds the neighbors of queries among their candidates, by squared distances computed directly: of the k candidates of
 * each query that seem nearest first, then of the others that these do not rule out.
 */
export class Settlement {
  readonly #share: QueryShare;
  readonly #lists: CandidateLists;
  readonly #direct: DirectPairs;
  readonly #measured: PairDistances[] = [];

  /**
   * @param share - the queries
   * @param lists - the candidates of those that are settled
   * @param direct - computes distances
   */
  constructor(share: QueryShare, lists: CandidateLists, direct: DirectPairs) {
    this.#share = share;
    this.#lists = lists;
    this.#direct = direct;
  }

  /** @returns the distances to be computed next, of two times */
  next(): PairDistances {
    const [near] = this.#measured;
    const pairs = near ? this.#lists.others(near.found) : this.#lists.nearest();
    const distances = this.#direct.distances(pairs, this.#share.n, this.#lists.first);
    this.#measured.push(distances);
    return distances;
  }

  /**
   * Computes distances to some of the wanted rows; all of them are to be handed in, in ascending order.
   *
   * @param wanted - the rows
   */
  take({ rows, data }: WantedRows): void {
    this.#measured.at(-1)!.take(rows, data);
  }

  /** @param found - receives the neighbors, at the place of each query */
  keep({ distances, indices }: Found): void {
    const { k } = this.#share;
    const from = this.#lists.first * k;
    const [pairs, found] = [this.#measured.map((one) => one.pairs), this.#measured.map((one) => one.found)];
    keepNearest(pairs, found, { k, distances: distances.subarray(from), indices: indices.subarray(from) });
  }
}
