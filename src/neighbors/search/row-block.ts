/** Some consecutive training rows, as they are and as they are compared; several threads may share the memory. */
export interface RowBlock {
  /** Index of the first row. */
  readonly firstRow: number;
  /** Float32Array, rows x d: the rows as they are. */
  readonly raw: Float32Array;
  /** Rows x d: the rows rounded to 8-bit integers, or centred; row-major. */
  readonly values: Int8Array | Float32Array;
  /** Float64Array: squared norm of each row of `values`. */
  readonly squaredNorms: Float64Array;
  /** Float64Array: what each row's integers are multiplied with; for rounded rows only. */
  readonly steps: Float64Array;
  /** Float64Array: how far each row was moved by rounding at most; for rounded rows only. */
  readonly radii: Float64Array;
}

/** Memory for blocks of training rows. */
export class BlockMemory {
  readonly #d: number;
  readonly #raw: Float32Array | undefined;
  readonly #values: Int8Array | Float32Array;
  readonly #numbers: readonly Float64Array[];
  readonly #capacity: number;
  #gathered: Float32Array | undefined;

  /**
   * @param rows - most rows in a block
   * @param d - length of a row
   * @param options - `bytes`: whether rows are rounded to 8-bit integers; `shared`: whether threads share the memory, and
   * rows are copied into it
   */
  constructor(rows: number, d: number, options: { readonly bytes: boolean; readonly shared: boolean }) {
    const memory = (bytes: number) =>
      options.shared ? (new SharedArrayBuffer(bytes) as unknown as ArrayBuffer) : new ArrayBuffer(bytes);
    this.#d = d;
    this.#capacity = rows;
    this.#raw = options.shared ? new Float32Array(memory(4 * rows * d)) : undefined;
    this.#values = options.bytes ? new Int8Array(memory(rows * d)) : new Float32Array(memory(4 * rows * d));
    this.#numbers = [0, 1, 2].map(() => new Float64Array(memory(8 * rows)));
  }

  /**
   * @param firstRow - index of the first row
   * @param rows - Float32Array, some rows
   * @returns the block, of which nothing but `raw` is filled
   */
  block(firstRow: number, rows: Float32Array): RowBlock {
    const count = rows.length / this.#d;
    const [squaredNorms, steps, radii] = this.#numbers.map((numbers) => numbers.subarray(0, count));
    this.#raw?.set(rows);
    return {
      firstRow,
      raw: this.#raw?.subarray(0, rows.length) ?? rows,
      values: this.#values.subarray(0, rows.length),
      squaredNorms,
      steps,
      radii,
    };
  }

  /**
   * Copies single rows into the memory.
   *
   * @param rows - indices of rows
   * @param row - finds a row
   * @returns Float32Array, rows x d
   */
  gather(rows: Int32Array, row: (index: number) => Float32Array): Float32Array {
    const d = this.#d;
    this.#gathered ??= this.#raw ?? new Float32Array(this.#capacity * d);
    const raw = this.#gathered;
    rows.forEach((index, i) => {
      raw.set(row(index), i * d);
    });
    return raw.subarray(0, rows.length * d);
  }
}
