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
  /** @returns a key that no row at that distance, or a smaller one, exceeds */
  reach(query: number, squaredDistance: number): number;
  /** @returns what finds a key that a certain row does not exceed at that distance, or a smaller one */
  reachOf(query: number, squaredDistance: number): (row: number) => number;
}

const mostGroupRows = 32;
const everyKey = () => Number.POSITIVE_INFINITY;

/** Finds the rows of a block that may be among the nearest of a query, by the keys that its products give. */
export class KeyScan {
  readonly #kernel: ScanKernel<Int32Array | Float32Array>;
  readonly #bounds: KeyBounds;
  readonly #k: number;
  #rows = 0;
  #groupRows = 0;

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
    this.#groupRows = rowsInGroup(rows, this.#k);
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
   * A key that k rows do not exceed, of those that `find` has just found and others.
   *
   * @param query - the query
   * @param found - how many were found
   * @param others - Float64Array: squared distances of other rows
   * @param own - whether the query itself is among the rows of the block, which then is not counted
   * @returns about the k-th smallest key
   */
  kth(query: number, found: number, others: Float64Array, own: boolean): number {
    const { keys } = this.#kernel;
    for (let i = 0; i < others.length; i++) keys[found + i] = this.#bounds.key(query, others[i]);
    const count = found + others.length;
    const k = this.#k + (own ? 1 : 0);
    return count > k ? this.#kernel.kth("keys", count, k) : Number.POSITIVE_INFINITY;
  }

  /** @see KeyBounds.reachOf; infinite where keys are not to be looked at */
  reachOf(query: number, squaredDistance: number): (row: number) => number {
    return this.#bounds.isFar(query) ? everyKey : this.#bounds.reachOf(query, squaredDistance);
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

  /**
   * A key that k rows do not exceed but by its error, and the size of the groups whose least keys were found for it: 0 where
   * there are too few rows for such groups. One group more than k counts, as one of the least keys may be that of the image
   * itself.
   */
  #least(place: number, query: number): { least: number; size: number } {
    const size = this.#groupRows;
    if (size === 0) return { least: Number.POSITIVE_INFINITY, size };
    const groups = 4 * Math.floor(this.#rows / (4 * size));
    this.#kernel.findLeast(place * this.#rows, groups / 4, size, this.#bounds.twice(query));
    return { least: this.#kernel.kth("least", groups, this.#k + 1), size };
  }
}

/** Rows in a group: as many groups as make their least keys close to the k least of all; 0 where there are too few rows. */
function rowsInGroup(n: number, k: number): number {
  const size = [4 * k, k + Math.max(k, 32)]
    .map((groups) => Math.min(mostGroupRows, Math.floor(n / (4 * Math.ceil(groups / 4)))))
    .find((rows) => rows >= 2);
  return size !== undefined && 4 * Math.floor(n / (4 * size)) > k ? size : 0;
}
