import {
  advance,
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
  /**
   * @param query - position among the queries
   * @returns the squared distance between that query and the row
   */
  distance(query: number): number;
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
  const { memory, run } = instantiate<(query: number, row: number, rowEnd: number) => number>(
    program,
    (capacity + 1) * rowBytes,
  );
  return {
    queries: new Float32Array(memory, rowBytes, capacity * stride),
    row: new Float32Array(memory, 0, stride),
    stride,
    distance: (query) => run((query + 1) * rowBytes, 0, rowBytes),
  };
}

const [query, row, rowEnd, sum01, sum23, difference] = [0, 1, 2, 3, 4, 5];

const loadTwo = (local: number, offset: number) => [
  ...get(local),
  ...v128.loadLow(offset),
  ...f64x2.widenLow,
];

const half = (offset: number, sum: number) => [
  ...[...loadTwo(query, offset), ...loadTwo(row, offset), ...f64x2.sub, ...tee(difference)],
  ...[...get(difference), ...f64x2.mul, ...get(sum), ...f64x2.add, ...set(sum)],
];

const lanes = (sum: number) => [...get(sum), ...f64x2.lane(0), ...get(sum), ...f64x2.lane(1), ...f64.add];

/** Four places a step, in sums of places 0, 1 and of 2, 3 modulo 4. */
const program: WasmFunction = {
  parameters: ["i32", "i32", "i32"],
  result: "f64",
  locals: ["v128", "v128", "v128"],
  body: [
    ...until(
      [...get(row), ...get(rowEnd), ...i32.atLeast],
      [...half(0, sum01), ...half(8, sum23), ...advance(query, 16), ...advance(row, 16)],
    ),
    ...[...lanes(sum01), ...lanes(sum23), ...f64.add],
  ],
};
