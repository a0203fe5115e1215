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

/**
 * @param data - Float32Array, row-major
 * @param rows - which of its rows
 * @param d - length of a row
 * @returns these rows; blocks are copies
 */
export function someRowsInMemory(data: Float32Array, rows: readonly number[], d: number): TrainRows {
  let memory = new Float32Array(0);
  const row = (i: number) => data.subarray(rows[i] * d, (rows[i] + 1) * d);
  return {
    n: rows.length,
    d,
    blockBytes: 128 * 1024 * 1024,
    block(from, to) {
      const numbers = (to - from) * d;
      if (memory.length < numbers) memory = new Float32Array(numbers);
      for (let i = from; i < to; i++) memory.set(row(i), (i - from) * d);
      return memory.subarray(0, numbers);
    },
    row,
  };
}
