/** Some consecutive training rows, as they are and as they are compared; in memory that threads share. */
export interface RowBlock {
  /** Index of the first row. */
  readonly firstRow: number;
  /** Float32Array, rows x stride row-major: the rows as they are, each followed by zeros up to a multiple of 4. */
  readonly raw: Float32Array;
  /** Row-major: the rows rounded to 8-bit integers, d x rows, or centred, rows x d. */
  readonly values: Int8Array | Float32Array;
  /** Float64Array: squared norm of each row of `values`. */
  readonly squaredNorms: Float64Array;
  /** Float64Array: what each row's integers are multiplied with; for rounded rows only. */
  readonly steps: Float64Array;
  /** Float64Array: how far each row was moved by rounding at most; for rounded rows only. */
  readonly radii: Float64Array;
}
