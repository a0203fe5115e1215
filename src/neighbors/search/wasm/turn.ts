import {
  advance,
  type Code,
  get,
  i32,
  instantiateOn,
  type SharedMemory,
  set,
  shuffle,
  until,
  v128,
  type WasmFunction,
} from "../../../core/wasm-assembler.js";

/** Rows that are turned into columns at a time. */
export const turnedRows = 16;

/** @returns length in bytes of a row of d bytes that is to be turned */
export function turnedBytes(d: number): number {
  return turnedRows * Math.ceil(d / turnedRows);
}

/** Turns 16 rows of bytes into columns, in WebAssembly. */
export interface TurnKernel {
  /** Int8Array, 16 x `turnedBytes(d)`: the rows. */
  readonly rows: Int8Array;
  /**
   * Writes the rows as columns.
   *
   * @param columns - Int8Array in the memory, d x n row-major
   * @param n - length of its rows
   * @param first - which column comes from the first row
   * @param count - how many rows, at most 16
   */
  turn(columns: Int8Array, n: number, first: number, count: number): void;
}

/**
 * @param memory - the memory
 * @param d - length of the rows
 * @param scratch - address of 16 x `turnedBytes(d)` bytes
 * @returns the kernel
 */
export function turnKernel(memory: SharedMemory, d: number, scratch: number): TurnKernel {
  const length = turnedBytes(d);
  const rows = new Int8Array(memory.buffer, scratch, turnedRows * length);
  const run = instantiateOn<(...places: number[]) => void>(program, memory);
  return {
    rows,
    turn(columns, n, first, count) {
      const fast = count === turnedRows ? d - (d % turnedRows) : 0;
      run(scratch, scratch + fast, length, columns.byteOffset + first, n);
      for (let j = fast; j < d; j++) {
        for (let i = 0; i < count; i++) columns[j * n + first + i] = rows[i * length + j];
      }
    },
  };
}

const [row, rowEnd, length, column, stride] = [0, 1, 2, 3, 4];
const at = 5;
const lines = Array.from({ length: turnedRows }, (_, i) => 6 + i);
const others = Array.from({ length: turnedRows }, (_, i) => 6 + turnedRows + i);

const joined = (from: number) => Array.from({ length: turnedRows }, (_, i) => from + (i >> 1) + 16 * (i & 1));
const low = shuffle(joined(0));
const high = shuffle(joined(8));

/** Puts the bytes of each line of the first half and of its counterpart in the second half in turns. */
const mix = (from: readonly number[], to: readonly number[]): Code =>
  from
    .slice(0, turnedRows / 2)
    .flatMap((a, i) => [
      ...[...get(a), ...get(from[i + turnedRows / 2]), ...low, ...set(to[2 * i])],
      ...[...get(a), ...get(from[i + turnedRows / 2]), ...high, ...set(to[2 * i + 1])],
    ]);

const step = (local: number, by: number): Code => [...get(local), ...get(by), ...i32.add, ...set(local)];
const ended: Code = [...get(row), ...get(rowEnd), ...i32.atLeast];

/** Turns 16 x 16 bytes after the other: four times mixed, lines are columns. */
const program: WasmFunction = {
  parameters: ["i32", "i32", "i32", "i32", "i32"],
  locals: ["i32", ...Array.from({ length: 2 * turnedRows }, () => "v128" as const)],
  body: until(ended, [
    ...[...get(row), ...set(at)],
    ...lines.flatMap((line) => [...get(at), ...v128.load(0), ...set(line), ...step(at, length)]),
    ...[...mix(lines, others), ...mix(others, lines), ...mix(lines, others), ...mix(others, lines)],
    ...lines.flatMap((line) => [...get(column), ...get(line), ...v128.store(0), ...step(column, stride)]),
    ...advance(row, turnedRows),
  ]),
};
