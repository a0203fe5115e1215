/** Rows after centring and scaling, float32, with their squared norms. */
export interface CenteredBlock {
  /** Float32Array, at least rows x d: the centred rows; overwritten by the next block that uses the same memory. */
  readonly rows: Float32Array;
  /** Float64Array: squared norm of each centred row. */
  readonly squaredNorms: Float64Array;
  /** Float64Array: what each row was multiplied with beyond the common scale, a power of two; 1 for training rows. */
  readonly factors: Float64Array;
}

const sampleRows = 1024;

/**
 * A point in the middle of some rows: the mean of at most 1,024 of them.
 *
 * @param rows - the rows, at least one
 * @returns Float64Array of d numbers
 */
export function middleOf(rows: { n: number; d: number; row(row: number): Float32Array }): Float64Array {
  const { n, d } = rows;
  const middle = new Float64Array(d);
  const step = Math.ceil(n / sampleRows);
  const count = Math.ceil(n / step);
  for (let i = 0; i < n; i += step) {
    const row = rows.row(i);
    for (let j = 0; j < d; j++) middle[j] += row[j];
  }
  for (let j = 0; j < d; j++) middle[j] /= count;
  return middle;
}

/**
 * Moves rows to the middle of the training rows and scales them by a power of two, so that their inner products lose
 * little to cancellation and cannot overflow. Distances change by the scale alone, up to the rounding that `KeyError`
 * bounds; so any point would do as the middle.
 */
export class Centering {
  readonly #mean: Float64Array;
  /** Power of two by which no training row becomes longer than about 1. */
  readonly scale: number;

  /**
   * @param middle - the point that becomes zero, from `middleOf`
   * @param largest - magnitude of the largest number in the training rows
   */
  constructor(middle: Float64Array, largest: number) {
    const farthest = middle.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    this.#mean = middle;
    this.scale = unitScale((largest + farthest) * Math.sqrt(middle.length));
  }

  /**
   * Centres and scales some rows.
   *
   * @param data - matrix, rows of length d, each `stride` numbers after the one before
   * @param range - first row, and the row after the last
   * @param memory - Float32Array for the result, at least (to - from) x d
   * @param stride - default d
   * @returns the rows in `memory`; one far from all training rows, whose norm would exceed 2, is scaled down further
   */
  block(
    data: Float32Array,
    [from, to]: readonly [number, number],
    memory: Float32Array,
    stride = this.#mean.length,
  ): CenteredBlock {
    const d = this.#mean.length;
    const count = to - from;
    const squaredNorms = new Float64Array(count);
    const factors = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const source = (from + i) * stride;
      const target = i * d;
      let factor = 1;
      let norm = this.#fill(data, source, memory, target, this.scale);
      if (norm > 4) {
        factor = unitScale(this.#length(data, source) * this.scale);
        norm = this.#fill(data, source, memory, target, this.scale * factor);
      }
      squaredNorms[i] = norm;
      factors[i] = factor;
    }
    return { rows: memory, squaredNorms, factors };
  }

  #fill(data: Float32Array, source: number, memory: Float32Array, target: number, scale: number): number {
    const mean = this.#mean;
    const d = mean.length;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let j = 0;
    for (; j + 4 <= d; j += 4) {
      const a = Math.fround((data[source + j] - mean[j]) * scale);
      const b = Math.fround((data[source + j + 1] - mean[j + 1]) * scale);
      const c = Math.fround((data[source + j + 2] - mean[j + 2]) * scale);
      const e = Math.fround((data[source + j + 3] - mean[j + 3]) * scale);
      memory[target + j] = a;
      memory[target + j + 1] = b;
      memory[target + j + 2] = c;
      memory[target + j + 3] = e;
      s0 += a * a;
      s1 += b * b;
      s2 += c * c;
      s3 += e * e;
    }
    for (; j < d; j++) {
      const a = Math.fround((data[source + j] - mean[j]) * scale);
      memory[target + j] = a;
      s0 += a * a;
    }
    return s0 + s1 + s2 + s3;
  }

  #length(data: Float32Array, source: number): number {
    const mean = this.#mean;
    let sum = 0;
    for (let j = 0; j < mean.length; j++) sum += (data[source + j] - mean[j]) ** 2;
    return Math.sqrt(sum);
  }
}

/**
 * @param data - finite numbers
 * @returns the largest magnitude
 */
export function largestMagnitude(data: Float32Array): number {
  let low = 0;
  let high = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (value > high) high = value;
    else if (value < low) low = value;
  }
  return Math.max(high, -low);
}

/** A power of two that brings a length to about 1/2 to 1. */
function unitScale(length: number): number {
  return length > 0 ? 2 ** -Math.ceil(Math.log2(length)) : 1;
}
