import { type RoundingKernel, roundingKernel } from "./wasm/rounding.js";

const roundoff = 2 ** -52;

/**
 * Rows rounded to 8-bit integers, and how far each was moved by that; it is what makes the search with 8-bit products
 * exact.
 *
 * Let x be a training row and y a query, both taken from one middle point, and x' and y' the rows that the integers stand
 * for: integer times step, each row with a step of its own. Then, by the triangle inequality,
 *
 *   |x' - y'| - |x - x'| - |y - y'|  <=  |x - y|  <=  |x' - y'| + |x - x'| + |y - y'|.
 *
 * The products of integers are exact, so |x' - y'|^2 = |x'|^2 + |y'|^2 - 2 x'.y' is off only by some roundings of
 * float64; and |x - x'| is summed in float64 for every row, not estimated. With v = 2^-52 all roundings together stay
 * below (d + 16) v (|x'| + |y'|)^2 for the squared distance, and below (d + 16) v (|x'| + 2 |x - x'|) for a radius; the
 * second is included in `radii`, the first is `byteSlack`. Distances computed directly in float64 are within
 * `directError` times themselves of the true ones.
 */
export interface ByteRows {
  /** The integers, row-major: Int8Array, or Uint8Array of each plus 128. */
  readonly values: Int8Array | Uint8Array;
  /** Float64Array: what each row's integers are multiplied with. */
  readonly steps: Float64Array;
  /** Float64Array: |x'|^2 of each row. */
  readonly squaredNorms: Float64Array;
  /** Float64Array: an upper bound of |x - x'| of each row. */
  readonly radii: Float64Array;
  /** The largest |x'|. */
  readonly longest: number;
  /** The largest radius. */
  readonly widest: number;
}

/**
 * Bounds the rounding of a squared distance between rows of integers.
 *
 * @param d - length of the rows
 * @param lengths - sum of the lengths of both rows, or an upper bound
 * @returns the bound
 */
export function byteSlack(d: number, lengths: number): number {
  return (d + 16) * roundoff * lengths * lengths;
}

/**
 * Bounds the relative error of a distance computed directly in float64, as a share of the distance.
 *
 * @param d - length of the rows
 * @returns the bound
 */
export function directError(d: number): number {
  return (d + 16) * 2 * roundoff;
}

/** Rounds rows to integers, some at a time. */
export class ByteRounding {
  readonly #kernel: RoundingKernel;
  readonly #d: number;
  readonly #most: number;

  /**
   * @param middle - the point that becomes zero, d numbers
   * @param most - the largest integer, at most 127
   * @param form - "plus 128" to have 128 added to the integers, or "signed"
   */
  constructor(middle: Float64Array, most: number, form: "signed" | "plus 128") {
    this.#kernel = roundingKernel(middle, form);
    this.#d = middle.length;
    this.#most = most;
  }

  /**
   * @param data - rows, each `stride` numbers after the one before
   * @param stride - at least d
   * @param range - first row, and the row after the last
   * @param into - receives integers, steps, squared norms and radii, each at the row's place
   */
  round(
    data: Float32Array,
    stride: number,
    [from, to]: readonly [number, number],
    into: Pick<ByteRows, "values" | "steps" | "squaredNorms" | "radii">,
  ): void {
    const [d, kernel] = [this.#d, this.#kernel];
    const { values, steps, squaredNorms, radii } = into;
    for (let i = from; i < to; i++) {
      kernel.row.set(data.subarray(i * stride, i * stride + d));
      const step = kernel.move() / this.#most;
      const inverse = step > 0 ? 1 / step : 0;
      const [squares, apart] = kernel.round(step, inverse < Number.POSITIVE_INFINITY ? inverse : 0);
      values.set(kernel.integers, i * d);
      steps[i] = step;
      squaredNorms[i] = squares * step * step;
      const radius = Math.sqrt(apart);
      radii[i] = radius + (d + 16) * roundoff * (Math.sqrt(squaredNorms[i]) + 2 * radius);
    }
  }
}

/**
 * Rounds rows to integers from -most to most.
 *
 * @param data - rows, row-major
 * @param rows - how many
 * @param middle - the point that becomes zero, d numbers
 * @param most - the largest integer, at most 127
 * @param target - receives the integers: Int8Array, or Uint8Array for each plus 128
 * @param stride - numbers from the start of one row to the next, default d
 * @returns the rows
 */
export function byteRows(
  data: Float32Array,
  rows: number,
  middle: Float64Array,
  most: number,
  target: Int8Array | Uint8Array,
  stride = middle.length,
): ByteRows {
  const [steps, squaredNorms, radii] = [0, 1, 2].map(() => new Float64Array(rows));
  const made = { values: target, steps, squaredNorms, radii };
  const form = target instanceof Uint8Array ? "plus 128" : "signed";
  new ByteRounding(middle, most, form).round(data, stride, [0, rows], made);
  return withLargest(made);
}

/**
 * @param rows - rounded rows
 * @returns the rows with the largest length and radius
 */
export function withLargest(rows: Omit<ByteRows, "longest" | "widest">): ByteRows {
  return { ...rows, longest: Math.sqrt(largest(rows.squaredNorms)), widest: largest(rows.radii) };
}

function largest(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}
