import { type RoundingKernel, roundingKernel } from "./wasm/rounding.js";

const roundoff = 2 ** -52;
const roundoff32 = 2 ** -24;

/**
 * Rows rounded to 8-bit integers, and how far each was moved by that; it is what makes the search with 8-bit products
 * exact.
 *
 * Let x be a training row and y a query, both taken from one middle point of float32 numbers, and x' and y' the rows that
 * the integers stand for: integer times step, each row with a step of its own. Then, by the triangle inequality,
 *
 *   |x' - y'| - |x - x'| - |y - y'|  <=  |x - y|  <=  |x' - y'| + |x - x'| + |y - y'|.
 *
 * The products of integers are exact, so |x' - y'|^2 = |x'|^2 + |y'|^2 - 2 x'.y' is off only by some roundings of
 * float64: with v = 2^-52 by less than (d + 16) v (|x'| + |y'|)^2, which is `byteSlack`. |x - x'| is not estimated, but
 * summed for every row, in float32 with u = 2^-24: the middle is taken off with an error of at most u |x|, the division by
 * the step has one of at most u |x| again, what rounding to an integer moves is exact, and the sum of squares is off by
 * less than (d + 16) u times itself; `radii` include all of that. Distances computed directly in float64 are within
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
  readonly #middle: Float32Array;
  readonly #most: number;
  readonly #zero: number;

  /**
   * @param middle - the point that becomes zero, rounded to d float32 numbers
   * @param most - the largest integer, at most 127
   * @param form - "plus 128" to have 128 added to the integers, or "signed"
   */
  constructor(middle: ArrayLike<number>, most: number, form: "signed" | "plus 128") {
    this.#middle = Float32Array.from(middle);
    this.#kernel = roundingKernel(this.#middle, form);
    this.#most = most;
    this.#zero = form === "signed" ? 0 : 128;
  }

  /**
   * @param data - rows, each `stride` numbers after the one before
   * @param stride - at least d
   * @param range - first row, and the row after the last
   * @param into - receives integers, steps, squared norms and radii, each at the row's place; `length`: bytes from the start
   * of one row of integers to the next, default d
   */
  round(
    data: Float32Array,
    stride: number,
    [from, to]: readonly [number, number],
    into: Pick<ByteRows, "values" | "steps" | "squaredNorms" | "radii"> & { readonly length?: number },
  ): void {
    const [d, kernel] = [this.#middle.length, this.#kernel];
    const { values, steps, squaredNorms, radii, length = d } = into;
    for (let i = from; i < to; i++) {
      const row = data.subarray(i * stride, i * stride + d);
      kernel.row.set(row);
      const largest = kernel.move();
      const inverse = largest > 0 ? Math.fround(this.#most / largest) : 0;
      // numbers so large or small that float32 does not hold them so
      if (!(largest < Number.POSITIVE_INFINITY) || !(inverse < Number.POSITIVE_INFINITY)) {
        values.fill(this.#zero, i * length, i * length + d);
        steps[i] = 0;
        squaredNorms[i] = 0;
        radii[i] = this.#length(row);
        continue;
      }
      const [squares, apart] = kernel.round(inverse);
      values.set(kernel.integers, i * length);
      const step = inverse > 0 ? 1 / inverse : 0;
      steps[i] = step;
      squaredNorms[i] = squares * step * step;
      const radius = step * Math.sqrt(apart);
      const error = (d + 16) * radius + 4 * (Math.sqrt(squaredNorms[i]) + radius);
      radii[i] = radius + roundoff32 * error;
    }
  }

  /** An upper bound of a row's length. */
  #length(row: Float32Array): number {
    const squares = row.reduce((sum, value, j) => sum + (value - this.#middle[j]) ** 2, 0);
    return Math.sqrt(squares) * (1 + (row.length + 16) * roundoff);
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
  middle: ArrayLike<number>,
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
