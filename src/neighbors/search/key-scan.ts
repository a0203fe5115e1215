import { kthSmallest, smallestOf } from "./select.js";
import type { ScanKernel } from "./wasm/scan.js";

/**
 * What the keys of training rows mean, which are compared instead of distances: larger keys are farther, within some
 * error. Distances are squared, computed directly in float64.
 */
export interface KeyBounds {
  /** @returns whether the query is so far from all rows that its keys might overflow, and are not to be looked at */
  isFar(query: number): boolean;
  /** @returns what steps times products are multiplied with */
  twice(query: number): number;
  /** @returns about the key of a row at that distance */
  key(query: number, squaredDistance: number): number;
  /** @returns about the distance of a row with that key */
  squaredDistance(query: number, key: number): number;
  /** @returns a distance that no row with that key exceeds */
  farthest(query: number, key: number): number;
  /** @returns a key that no row at that distance, or a smaller one, exceeds; or that a certain row does not */
  reach(query: number, squaredDistance: number, row?: number): number;
}

/** Finds the rows of a block that may be among the nearest of a query, by the keys that its products give. */
export class KeyScan {
  readonly #kernel: ScanKernel<Int32Array | Float32Array>;
  readonly #bounds: KeyBounds;
  readonly #k: number;
  #rows = 0;

  /**
   * @param kernel - goes through keys
   * @param bounds - what keys mean
   * @param k - neighbors wanted
   */
  constructor(kernel: ScanKernel<Int32Array | Float32Array>, bounds: KeyBounds, k: number) {
    this.#kernel = kernel;
    this.#bounds = bounds;
    this.#k = k;
  }

  /** Sets the number of rows in the block. */
  set rows(rows: number) {
    this.#rows = rows;
  }

  /** Int32Array: receives the rows of the block that `find` finds. */
  get hits(): Int32Array {
    return this.#kernel.hits;
  }

  /** Float32Array: receives their keys. */
  get keys(): Float32Array {
    return this.#kernel.keys;
  }

  /**
   * Finds the rows that may be among the k nearest of a query.
   *
   * @param place - which of the products are the query's
   * @param query - the query
   * @param limit - a squared distance that its k nearest rows do not exceed
   * @returns how many were found
   */
  find(place: number, query: number, limit: number): number {
    if (this.#bounds.isFar(query)) return this.#all();
    const { least, size } = this.#least(place, query);
    const nearest = Math.min(limit, this.#bounds.farthest(query, least));
    return this.#within(place, query, nearest, size);
  }

  /**
   * How many rows of the block would be left to a query, were its k nearest among them known.
   *
   * @param place - which of the products are the query's
   * @param query - the query
   * @returns the number of rows
   */
  left(place: number, query: number): number {
    if (this.#bounds.isFar(query)) return this.#rows;
    const { least, size } = this.#least(place, query);
    return this.#within(place, query, this.#bounds.squaredDistance(query, least), size);
  }

  #within(place: number, query: number, squaredDistance: number, size: number): number {
    const [bounds, rows] = [this.#bounds, this.#rows];
    const reach = bounds.reach(query, squaredDistance);
    let found = this.#kernel.find(place * rows, rows, bounds.twice(query), reach, size);
    while (found > 0 && this.hits[found - 1] >= rows) found--;
    return found;
  }

  #all(): number {
    for (let j = 0; j < this.#rows; j++) this.hits[j] = j;
    this.keys.fill(0, 0, this.#rows);
    return this.#rows;
  }

  /** A key that k rows do not exceed but by its error, and the size of the groups whose least keys were found for it. */
  #least(place: number, query: number): { least: number; size: number } {
    let size = 0;
    const least = firstLimit(this.#rows, this.#k, (groups, groupRows) => {
      size = groupRows;
      this.#kernel.findLeast(place * this.#rows, groups / 4, groupRows, this.#bounds.twice(query));
      return this.#kernel.least;
    });
    return { least, size };
  }
}

const groupRows = 32;
const few = 12;

/**
 * A key that k rows certainly do not exceed, from the least keys of groups of rows: of as many rows as fill groups, so
 * that the key is close to the k-th smallest. One group more than k counts, as one of the least keys may be that of the
 * image itself.
 *
 * @param n - number of rows
 * @param k - how many rows
 * @param find - finds the least keys of a number of groups, a multiple of four, of `size` rows each
 * @returns the key, or infinity where there are too few rows for such groups
 */
function firstLimit(n: number, k: number, find: (groups: number, size: number) => ArrayLike<number>): number {
  const size = [4 * k, k + Math.max(k, 32)]
    .map((groups) => Math.min(groupRows, Math.floor(n / (4 * Math.ceil(groups / 4)))))
    .find((rows) => rows >= 2);
  if (size === undefined) return Number.POSITIVE_INFINITY;
  const groups = 4 * Math.floor(n / (4 * size));
  if (groups < k + 1) return Number.POSITIVE_INFINITY;
  const least = find(groups, size);
  if (k < few) return smallestOf(least, groups, k + 1);
  const keys = new Float64Array(groups);
  for (let i = 0; i < groups; i++) keys[i] = least[i];
  return kthSmallest(keys, groups, k + 1);
}
