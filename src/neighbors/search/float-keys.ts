import type { CenteredBlock } from "./centered-rows.js";
import { KeyError } from "./key-error.js";
import type { KeyBounds } from "./key-scan.js";
import type { ScanKernel } from "./wasm/scan.js";

const roundoff32 = 2 ** -24;
const leastFactor = 2 ** -50;

/**
 * What the keys |x|^2 - 2 x.y of centred rows mean: see `KeyError`.
 *
 * Their rounding in float32 is below 8 * 2^-24 (|x| + |y|)^2 plus what underflow loses.
 */
export class FloatKeys implements KeyBounds {
  readonly #asked: CenteredBlock;
  readonly #scale: number;
  readonly #error: KeyError;
  #longest = 0;

  /**
   * @param asked - the queries, centred
   * @param scale - what distances were multiplied with
   * @param d - length of the rows
   */
  constructor(asked: CenteredBlock, scale: number, d: number) {
    this.#asked = asked;
    this.#scale = scale ** 2;
    this.#error = new KeyError(d);
  }

  /**
   * Sets the block of training rows.
   *
   * @param squaredNorms - Float64Array: those of its rows
   * @param kernel - receives them
   */
  setBlock(squaredNorms: Float64Array, { norms, steps }: ScanKernel<Float32Array>): void {
    this.#longest = Math.sqrt(squaredNorms.reduce((a, b) => Math.max(a, b), 0));
    norms.fill(Number.POSITIVE_INFINITY);
    norms.set(squaredNorms);
    steps.fill(1);
  }

  isFar(query: number): boolean {
    return this.#asked.factors[query] < leastFactor;
  }

  twice(query: number): number {
    return 2 / this.#asked.factors[query];
  }

  key(query: number, squaredDistance: number): number {
    return squaredDistance * this.#scale - this.#squaredNorm(query);
  }

  squaredDistance(query: number, key: number): number {
    return Math.max(0, key + this.#squaredNorm(query)) / this.#scale;
  }

  farthest(query: number, key: number): number {
    return this.squaredDistance(query, key + this.#slack(query));
  }

  reach(query: number, squaredDistance: number): number {
    const key = this.key(query, squaredDistance) + 2 * this.#slack(query);
    return key + 4 * roundoff32 * Math.abs(key);
  }

  reachOf(query: number, squaredDistance: number): () => number {
    const reach = this.reach(query, squaredDistance);
    return () => reach;
  }

  #squaredNorm(query: number): number {
    return this.#asked.squaredNorms[query] / this.#asked.factors[query] ** 2;
  }

  /** How far a key may be from the true one. */
  #slack(query: number): number {
    const factor = this.#asked.factors[query];
    const length = Math.sqrt(this.#squaredNorm(query));
    const rounding = 8 * roundoff32 * (this.#longest + length) ** 2 + 2 ** -120;
    return this.#error.bound(this.#longest, length, factor) + rounding;
  }
}
