import { type ByteRows, byteSlack, directError } from "./byte-rows.js";
import type { KeyBounds } from "./key-scan.js";
import type { ScanKernel } from "./wasm/scan.js";

const roundoff32 = 2 ** -24;
const mostRatio = 1e12;

/**
 * What the keys |x'|^2 - 2 x'.y' of rounded rows mean: see `ByteRows`.
 *
 * Keys are in units of the block's longest row; their rounding in float32 is below 8 * 2^-24 (|x'| + |y'|)^2.
 */
export class ByteKeys implements KeyBounds {
  readonly #asked: ByteRows;
  readonly #d: number;
  readonly #error: number;
  #longest = 0;
  #widest = 0;
  #radii: Float64Array = new Float64Array(0);
  #unit = 1;

  /**
   * @param asked - the queries as integers
   * @param d - length of the rows
   */
  constructor(asked: ByteRows, d: number) {
    this.#asked = asked;
    this.#d = d;
    this.#error = directError(d);
  }

  /**
   * Sets the block of training rows.
   *
   * @param block - the rows
   * @param kernel - receives their norms and steps
   */
  setBlock(block: ByteRows, { norms, steps }: ScanKernel): void {
    this.#longest = block.longest;
    this.#widest = block.widest;
    this.#radii = block.radii;
    this.#unit = block.longest > 0 ? block.longest : 1;
    norms.fill(Number.POSITIVE_INFINITY);
    steps.fill(0);
    for (let j = 0; j < block.steps.length; j++) {
      norms[j] = block.squaredNorms[j] / this.#unit / this.#unit;
      steps[j] = block.steps[j] / this.#unit;
    }
  }

  isFar(query: number): boolean {
    return !(Math.sqrt(this.#asked.squaredNorms[query]) < mostRatio * this.#unit);
  }

  twice(query: number): number {
    return (2 * this.#asked.steps[query]) / this.#unit;
  }

  key(query: number, squaredDistance: number): number {
    return (squaredDistance - this.#asked.squaredNorms[query]) / this.#unit / this.#unit;
  }

  squaredDistance(query: number, key: number): number {
    return Math.max(0, key * this.#unit ** 2 + this.#asked.squaredNorms[query]);
  }

  farthest(query: number, key: number): number {
    const square = this.squaredDistance(query, key + this.#rounding(query));
    const distance = Math.sqrt(square + this.#slack(query)) + this.#widest + this.#asked.radii[query];
    return (distance * (1 + this.#error)) ** 2;
  }

  reach(query: number, squaredDistance: number): number {
    return this.#reach(query, squaredDistance)(this.#widest);
  }

  reachOf(query: number, squaredDistance: number): (row: number) => number {
    const [reach, radii] = [this.#reach(query, squaredDistance), this.#radii];
    return (row) => reach(radii[row]);
  }

  /** The key that rows of some radius do not exceed. */
  #reach(query: number, squaredDistance: number): (radius: number) => number {
    const distance = Math.sqrt(squaredDistance) * (1 + 2 * this.#error) + this.#asked.radii[query];
    const least = this.#slack(query) - this.#asked.squaredNorms[query];
    const rounding = this.#rounding(query);
    const perUnit = 1 / this.#unit ** 2;
    return (radius) => {
      const key = ((distance + radius) * (distance + radius) + least) * perUnit + rounding;
      return key + 4 * roundoff32 * Math.abs(key);
    };
  }

  #slack(query: number): number {
    return byteSlack(this.#d, this.#longest + Math.sqrt(this.#asked.squaredNorms[query]));
  }

  #rounding(query: number): number {
    return 8 * roundoff32 * (1 + Math.sqrt(this.#asked.squaredNorms[query]) / this.#unit) ** 2;
  }
}
