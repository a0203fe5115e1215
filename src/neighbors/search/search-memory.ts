import { KeptMemory } from "../../core/kept-memory.js";
import { type SharedMemory, sharedMemory } from "../../core/wasm-assembler.js";
import type { RowBlock } from "./row-block.js";
import { directBytes } from "./wasm/direct.js";
import { turnedBytes, turnedRows } from "./wasm/turn.js";

/** Where in a thread's own memory rows are that are turned into columns. */
export const turnedAt = directBytes;
const keptBytes = 256 * 1024 * 1024;

/** How much a search's memory holds. */
export interface MemorySizes {
  /** Most training rows in a block. */
  readonly rows: number;
  /** Most queries. */
  readonly queries: number;
  /** Length of a row. */
  readonly d: number;
  /** Whether rows are rounded to 8-bit integers, else they are centred. */
  readonly bytes: boolean;
  /** How many threads. */
  readonly members: number;
}

/** Memory that the threads of a search share: the queries and a block of training rows. */
export class SearchMemory {
  /** The memory. */
  readonly memory: SharedMemory;
  /** Numbers from the start of one row to the next: d, made a multiple of 4. */
  readonly stride: number;
  readonly #d: number;
  readonly #scratchBytes: number;
  readonly #queries: Float32Array;
  readonly #raw: Float32Array;
  readonly #values: Int8Array | Float32Array;
  readonly #numbers: readonly Float64Array[];

  /** @param sizes - how much it holds */
  constructor({ rows, queries, d, bytes, members }: MemorySizes) {
    const stride = 4 * Math.ceil(d / 4);
    const valueBytes = 8 * Math.ceil(((bytes ? 1 : 4) * rows * d) / 8);
    const scratchBytes = turnedAt + (bytes ? turnedRows * turnedBytes(d) : 0);
    const parts = [scratchBytes * members, 8 * rows, 8 * rows, 8 * rows, valueBytes, 4 * rows * stride];
    const starts = [0];
    for (const size of parts) starts.push(starts[starts.length - 1] + 8 * Math.ceil(size / 8));
    this.#d = d;
    this.#scratchBytes = scratchBytes;
    this.stride = stride;
    this.memory = takeMemory(starts[6] + 4 * queries * stride);
    const { buffer } = this.memory as { buffer: ArrayBuffer | SharedArrayBuffer } as { buffer: ArrayBuffer };
    this.#numbers = [1, 2, 3].map((i) => new Float64Array(buffer, starts[i], rows));
    this.#values = bytes
      ? new Int8Array(buffer, starts[4], rows * d)
      : new Float32Array(buffer, starts[4], rows * d);
    this.#raw = new Float32Array(buffer, starts[5], rows * stride);
    this.#queries = new Float32Array(buffer, starts[6], queries * stride);
  }

  /**
   * @param member - which of the threads
   * @returns address of `directBytes` of its own, and after them, where rows are rounded, of room for those that are turned
   */
  scratch(member: number): number {
    return this.#scratchBytes * member;
  }

  /**
   * Copies queries into the memory.
   *
   * @param queries - Float32Array, rows of d numbers
   * @param first - the place of the first of them, default 0
   * @returns Float32Array, rows of `stride` numbers: the copy
   */
  setQueries(queries: Float32Array, first = 0): Float32Array {
    return this.#copied(queries, this.#queries.subarray(first * this.stride));
  }

  /**
   * @param from - first query
   * @param to - query after the last
   * @returns Float32Array, (to - from) x stride: the queries that were copied last
   */
  queries(from: number, to: number): Float32Array {
    return this.#queries.subarray(from * this.stride, to * this.stride);
  }

  /**
   * Copies training rows into the memory.
   *
   * @param firstRow - index of the first row
   * @param rows - Float32Array, some rows
   * @returns the block, of which nothing but `raw` is filled
   */
  block(firstRow: number, rows: Float32Array): RowBlock {
    const count = rows.length / this.#d;
    const [squaredNorms, steps, radii] = this.#numbers.map((numbers) => numbers.subarray(0, count));
    const values = this.#values.subarray(0, rows.length);
    return { firstRow, raw: this.#copied(rows, this.#raw), values, squaredNorms, steps, radii };
  }

  /** Gives the memory back, to be used again or freed after a while. */
  free(): void {
    if (this.memory.buffer.byteLength <= keptBytes) kept.keep(this.memory);
  }

  #copied(rows: Float32Array, target: Float32Array): Float32Array {
    const [d, stride] = [this.#d, this.stride];
    const count = rows.length / d;
    if (d === stride) {
      target.set(rows);
    } else {
      for (let i = 0; i < count; i++) {
        target.set(rows.subarray(i * d, (i + 1) * d), i * stride);
        target.fill(0, i * stride + d, (i + 1) * stride);
      }
    }
    return target.subarray(0, count * stride);
  }
}

const kept = new KeptMemory<SharedMemory>();

function takeMemory(bytes: number): SharedMemory {
  const fits = ({ buffer: { byteLength: size } }: SharedMemory) =>
    size >= bytes && size <= 4 * bytes + keptBytes / 16;
  return kept.take(fits) ?? sharedMemory(bytes);
}
