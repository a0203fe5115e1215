const roundoff32 = 2 ** -24;
const roundoff64 = 2 ** -53;
const safety = 1.01;

/**
 * Bounds how far a search key computed from a float32 matrix product may be from the exact one; it is what makes the
 * search exact. The exact key of a training row x and a query y (centred, scaled) is |x|^2 - 2 x.y = |x - y|^2 - |y|^2.
 *
 * Four errors are covered, with u = 2^-24 and v = 2^-53:
 * 1. the product: |fl(x.y) - x.y| <= g |x||y| with g = d u / (1 - d u), for float32 sums of d products in any order, with
 *    or without fused multiply-add (Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 3.1);
 * 2. rounding centred rows to float32 moves each by at most u times its length, so that the squared distance changes by
 *    at most (2 u + u^2) (|x| + |y|)^2;
 * 3. float64 sums for the norms, the keys and the directly computed distances: below (d + 16) 2 v (|x| + |y|)^2;
 * 4. underflow, also where the engine flushes subnormal numbers to zero: below 2 d 2^-120, as scaled rows are no longer
 *    than 2.
 */
export class KeyError {
  readonly #product: number;
  readonly #lengths: number;
  readonly #underflow: number;

  /** @param d - length of the rows */
  constructor(d: number) {
    const growth = d * roundoff32;
    this.#product = safety * (growth < 1 ? (2 * growth) / (1 - growth) : 1e300);
    this.#lengths = safety * (2 * roundoff32 + roundoff32 ** 2 + (d + 16) * 2 * roundoff64);
    this.#underflow = 2 * d * 2 ** -120;
  }

  /**
   * @param x - length of the training row, or an upper bound of it
   * @param y - length of the query
   * @param factor - the factor by which the query was scaled down before the product
   * @returns a bound of the key's error
   */
  bound(x: number, y: number, factor: number): number {
    return this.#product * x * y + this.#lengths * (x + y) * (x + y) + this.#underflow / factor;
  }
}
