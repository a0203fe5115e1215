import type { Random } from "../../core/random.js";

/** A uniform sample of a stream of rows whose number is not known before (Vitter 1985, algorithm R). */
export class PatchSample {
  /** Float32Array, at least n x d row-major. */
  #rows: Float32Array;
  readonly #names: string[] = [];
  #offered = 0;

  /**
   * @param capacity - rows to keep at most
   * @param d - numbers in a row
   * @param random - which rows are kept where there are more
   */
  constructor(
    readonly capacity: number,
    readonly d: number,
    readonly random: Random,
  ) {
    this.#rows = new Float32Array(Math.min(capacity, 1024) * d);
  }

  /** Number of rows offered so far. */
  get offered(): number {
    return this.#offered;
  }

  /** Number of rows kept. */
  get n(): number {
    return this.#names.length;
  }

  /** Names of the rows kept. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Float32Array, n x d row-major: the rows kept. */
  get rows(): Float32Array {
    return this.#rows.subarray(0, this.n * this.d);
  }

  /**
   * @param row - Float32Array of d numbers, copied where it is kept
   * @param name - makes its name
   */
  offer(row: Float32Array, name: () => string): void {
    const { capacity, d } = this;
    this.#offered++;
    let place = this.n;
    if (place === capacity) {
      place = this.random.integer(this.#offered);
      if (place >= capacity) return;
    }
    this.#names[place] = name();
    if ((place + 1) * d > this.#rows.length) {
      const grown = new Float32Array(Math.min(capacity, 2 * (this.#rows.length / d)) * d);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    this.#rows.set(row, place * d);
  }
}
