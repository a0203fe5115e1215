/** The training rows as a search goes through them: in memory, or in a file. */
export interface TrainRows {
  /** Number of rows. */
  readonly n: number;
  /** Length of a row. */
  readonly d: number;
  /** Bytes that blocks of rows may take beside what is held anyway. */
  readonly blockBytes: number;
  /**
   * @param from - first row
   * @param to - row after the last
   * @returns Float32Array, (to - from) x d row-major; valid until the next call
   */
  block(from: number, to: number): Float32Array;
  /**
   * @param row - index of a row
   * @returns Float32Array of d numbers; valid until the next call
   */
  row(row: number): Float32Array;
}

/**
 * @param data - Float32Array, n x d row-major
 * @param n - number of rows
 * @param d - length of a row
 * @returns the rows, views of the data
 */
export function rowsInMemory(data: Float32Array, n: number, d: number): TrainRows {
  return {
    n,
    d,
    blockBytes: 128 * 1024 * 1024,
    block: (from, to) => data.subarray(from * d, to * d),
    row: (row) => data.subarray(row * d, (row + 1) * d),
  };
}
