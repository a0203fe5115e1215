import {
  advance,
  type Code,
  f64,
  f64x2,
  get,
  i32,
  instantiate,
  set,
  tee,
  until,
  v128,
  type WasmFunction,
} from "../../../core/wasm-assembler.js";

/** Squared distances of pairs of rows, in WebAssembly with two float64 lanes. */
export interface DirectKernel {
  /** Float32Array, capacity x stride row-major: the queries. */
  readonly queries: Float32Array;
  /** Float32Array, stride: the other row of each pair. */
  readonly row: Float32Array;
  /** Numbers from the start of one query to the next, a multiple of 4; those past d stay zero. */
  readonly stride: number;
  /** Float64Array of 4: receives what `distances4` finds. */
  readonly four: Float64Array;
  /**
   * @param query - position among the queries
   * @returns the squared distance between that query and the row
   */
  distance(query: number): number;
  /**
   * Finds the squared distances between four queries and the row, reading the row once.
   *
   * @param a - position of the first query
   * @param b - position of the second
   * @param c - position of the third
   * @param e - position of the fourth
   */
  distances4(a: number, b: number, c: number, e: number): void;
}

/**
 * Makes a kernel with memory of its own. Its distances have the same bits as those of `squaredDistance`.
 *
 * @param d - length of the rows
 * @param capacity - how many queries it holds
 * @returns the kernel
 */
export function directKernel(d: number, capacity: number): DirectKernel {
  const stride = Math.ceil(d / 4) * 4;
  const rowBytes = stride * 4;
  const rowAt = 32;
  const first = rowAt + rowBytes;
  const end = first;
  const { memory, run } = instantiate<(...places: number[]) => number>(program, first + capacity * rowBytes);
  return {
    queries: new Float32Array(memory, first, capacity * stride),
    row: new Float32Array(memory, rowAt, stride),
    four: new Float64Array(memory, 0, 4),
    stride,
    distance: (query) => run(rowAt, end, first + query * rowBytes, 0, 0, 0, 0),
    distances4: (a, b, c, e) =>
      void run(
        rowAt,
        end,
        first + a * rowBytes,
        first + b * rowBytes,
        first + c * rowBytes,
        first + e * rowBytes,
        1,
      ),
  };
}

const [row, rowEnd, isFour] = [0, 1, 6];
const queries = [2, 3, 4, 5];
const [row01, row23, difference] = [7, 8, 9];
const sums = [0, 1, 2, 3].map((i) => [10 + 2 * i, 11 + 2 * i] as const);

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

/** Distances of the row to one query, returned, or to four, stored at address 0. */
const program: WasmFunction = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  result: "f64",
  locals: Array.from({ length: 11 }, () => "v128" as const),
  body: [
    ...until([...ended, ...get(isFour), ...i32.or], [...loadRow, ...four(0), ...advance(row, 16)]),
    ...until(ended, [...loadRow, ...[0, 1, 2, 3].flatMap(four), ...advance(row, 16)]),
    ...[0, 1, 2, 3].flatMap((i) => [...i32.constant(8 * i), ...total(i), ...f64.store]),
    ...total(0),
  ],
};
