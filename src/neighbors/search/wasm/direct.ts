import {
  advance,
  type Code,
  f64,
  f64x2,
  get,
  i32,
  instantiateOn,
  type SharedMemory,
  set,
  tee,
  until,
  v128,
  type WasmFunction,
} from "../../../core/wasm-assembler.js";

/** Squared distances of pairs of rows in memory that threads share, in WebAssembly with two float64 lanes. */
export interface DirectKernel {
  /** Float64Array of 4: receives what `distances4` finds. */
  readonly four: Float64Array;
  /**
   * @param row - address of a row, `stride` float32, a multiple of 4, those past d zero
   * @param query - address of another
   * @returns the squared distance
   */
  distance(row: number, query: number): number;
  /**
   * Finds the squared distances between a row and four others, reading the row once.
   *
   * @param row - address of the row
   * @param a - address of the first
   * @param b - address of the second
   * @param c - address of the third
   * @param e - address of the fourth
   */
  distances4(row: number, a: number, b: number, c: number, e: number): void;
}

/**
 * Makes a kernel. Its distances have the same bits as those of `squaredDistance`.
 *
 * @param memory - the memory
 * @param stride - length of the rows, a multiple of 4
 * @param scratch - address of 32 bytes, a multiple of 8
 * @returns the kernel
 */
export function directKernel(memory: SharedMemory, stride: number, scratch: number): DirectKernel {
  const bytes = stride * 4;
  const run = instantiateOn<(...places: number[]) => number>(program, memory);
  return {
    four: new Float64Array(memory.buffer, scratch, 4),
    distance: (row, query) => run(row, row + bytes, query, 0, 0, 0, 0, scratch),
    distances4: (row, a, b, c, e) => void run(row, row + bytes, a, b, c, e, 1, scratch),
  };
}

const [row, rowEnd, isFour] = [0, 1, 6];
const queries = [2, 3, 4, 5];
const scratch = 7;
const [row01, row23, difference] = [8, 9, 10];
const sums = [0, 1, 2, 3].map((i) => [11 + 2 * i, 12 + 2 * i] as const);

const loadTwo = (local: number, offset: number): Code => [
  ...get(local),
  ...v128.loadLow(offset),
  ...f64x2.widenLow,
];
const loadRow: Code = [...loadTwo(row, 0), ...set(row01), ...loadTwo(row, 8), ...set(row23)];

const half = (query: number, offset: number, ofRow: number, sum: number): Code => [
  ...[...loadTwo(query, offset), ...get(ofRow), ...f64x2.sub, ...tee(difference)],
  ...[...get(difference), ...f64x2.mul, ...get(sum), ...f64x2.add, ...set(sum)],
];

/** Four places of a query, in sums of places 0, 1 and of 2, 3 modulo 4. */
const four = (i: number): Code => [
  ...half(queries[i], 0, row01, sums[i][0]),
  ...half(queries[i], 8, row23, sums[i][1]),
  ...advance(queries[i], 16),
];

const lanes = (sum: number): Code => [
  ...[...get(sum), ...f64x2.lane(0)],
  ...[...get(sum), ...f64x2.lane(1), ...f64.add],
];
const total = (i: number): Code => [...lanes(sums[i][0]), ...lanes(sums[i][1]), ...f64.add];
const ended: Code = [...get(row), ...get(rowEnd), ...i32.atLeast];

/** Distances of the row to one query, returned, or to four, stored in the scratch memory. */
const program: WasmFunction = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  result: "f64",
  locals: Array.from({ length: 11 }, () => "v128" as const),
  body: [
    ...until([...ended, ...get(isFour), ...i32.or], [...loadRow, ...four(0), ...advance(row, 16)]),
    ...until(ended, [...loadRow, ...[0, 1, 2, 3].flatMap(four), ...advance(row, 16)]),
    ...[0, 1, 2, 3].flatMap((i) => [...get(scratch), ...total(i), ...f64.store, ...advance(scratch, 8)]),
    ...total(0),
  ],
};
