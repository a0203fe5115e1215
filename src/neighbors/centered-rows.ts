/** Rows after centring and scaling, float32, with their squared norms. */
export interface CenteredBlock {
  /** Float32Array, at least rows x d: the centred rows; overwritten by the next block that uses the same memory. */
  readonly rows: Float32Array;
  /** Float64Array: squared norm of each centred row. */
  readonly squaredNorms: Float64Array;
  /** Float64Array: what each row was multiplied with beyond the common scale, a power of two; 1 for training rows. */
  readonly factors: Float64Array;
}

/**
 * Moves rows to the mean of the training rows and scales them by a power of two, so that their inner products lose little
 * to cancellation and cannot overflow. Distances change by the scale alone, up to the rounding that `keyError` bounds.
 */
export class Centering {
  readonly #mean: Float64Array;
  /** Power of two that brings the largest training norm to about 1/2 to 1. */
  readonly scale: number;

  /**
   * @param data - training rows, n x d row-major, finite
   * @param n - number of rows, at least 1
   * @param d - length of a row
   */
  constructor(data: Float32Array, n: number, d: number) {
    const mean = new Float64Array(d);
    for (let i = 0; i < n; i++) for (let j = 0, o = i * d; j < d; j++) mean[j] += data[o + j];
    for (let j = 0; j < d; j++) mean[j] /= n;
    let largest = 0;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0, o = i * d; j < d; j++) sum += (data[o + j] - mean[j]) ** 2;
      if (sum > largest) largest = sum;
    }
    this.#mean = mean;
    this.scale = unitScale(Math.sqrt(largest));
  }

  /**
   * Centres and scales some rows.
   *
   * @param data - matrix, rows of length d
   * @param from - first row
   * @param to - row after the last
   * @param memory - Float32Array for the result, at least (to - from) x d
   * @returns the rows in `memory`; one far from all training rows, whose norm would exceed 2, is scaled down further
   */
  block(data: Float32Array, from: number, to: number, memory: Float32Array): CenteredBlock {
    const mean = this.#mean;
    const d = mean.length;
    const count = to - from;
    const squaredNorms = new Float64Array(count);
    const factors = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const source = (from + i) * d;
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
    let sum = 0;
    for (let j = 0; j < mean.length; j++) {
      const value = Math.fround((data[source + j] - mean[j]) * scale);
      memory[target + j] = value;
      sum += value * value;
    }
    return sum;
  }

  #length(data: Float32Array, source: number): number {
    const mean = this.#mean;
    let sum = 0;
    for (let j = 0; j < mean.length; j++) sum += (data[source + j] - mean[j]) ** 2;
    return Math.sqrt(sum);
  }
}

/** A power of two that brings a length to about 1/2 to 1. */
function unitScale(length: number): number {
  return length > 0 ? 2 ** -Math.ceil(Math.log2(length)) : 1;
}
