import {
  advance,
  type Code,
  f32,
  f32x4,
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

/** Squared distances of pairs of rows in memory that threads share, in WebAssembly. */
export interface DirectKernel {
  /** Float64Array of 4: receives what is found. */
  readonly four: Float64Array;
  /**
   * Finds the squared distances between a row and four others in float64, reading the row once. All are addresses of
   * `stride` float32, those past d zero.
   */
  ofRow: FourDistances;
  /** Finds the squared distances of four pairs in float64: the row and the query of each in turn. */
  ofPairs: FourPairs;
  /** Finds the squared distances of four pairs in float32, of which `mostInFloats` tells what they mean: the row and the query of each in turn. */
  ofPairsInFloats: FourPairs;
}

type FourDistances = (row: number, a: number, b: number, c: number, e: number) => void;

/** Measures four pairs: the address of the row and that of the query of each in turn. */
export type FourPairs = (
  ...addresses: [number, number, number, number, number, number, number, number]
) => void;

const roundoff32 = 2 ** -24;

/**
 * Bounds the squared distance that `DirectKernel.ofPairsInFloats` finds, where it finds a finite one. With u = 2^-24, a
 * difference, its square and d / 4 + 2 sums of what is not negative are each within u times themselves; underflow loses
 * less than 2^-149 of each square (Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 3.1).
 *
 * @param d - length of the rows
 * @param squaredDistance - a squared distance, within (d + 16) 2^-52 times itself
 * @returns what pairs exceed in float32 only if they are farther than that; infinite for rows that are too long
 */
export function mostInFloats(d: number, squaredDistance: number): number {
  const growth = (d / 4 + 8) * roundoff32;
  if (growth > 0.1) return Number.POSITIVE_INFINITY;
  return squaredDistance * (1 + 2 * growth) + d * 2 ** -148;
}

/**
 * Makes a kernel. Its float64 distances have the same bits as those of `squaredDistance`.
 *
 * @param memory - the memory
 * @param stride - length of the rows, a multiple of 4
 * @param scratch - address of 32 bytes, a multiple of 8
 * @returns the kernel
 */
export function directKernel(memory: SharedMemory, stride: number, scratch: number): DirectKernel {
  const bytes = stride * 4;
  const [ofRow, ofPairs, inFloats] = [rowProgram, pairsProgram, floatsProgram].map((program) =>
    instantiateOn<(...places: number[]) => void>(program, memory),
  );
  return {
    four: new Float64Array(memory.buffer, scratch, 4),
    ofRow: (row, a, b, c, e) => ofRow(row, a, b, c, e, row + bytes, scratch),
    ofPairs: (r0, q0, r1, q1, r2, q2, r3, q3) => ofPairs(r0, q0, r1, q1, r2, q2, r3, q3, r0 + bytes, scratch),
    ofPairsInFloats: (r0, q0, r1, q1, r2, q2, r3, q3) =>
      inFloats(r0, q0, r1, q1, r2, q2, r3, q3, r0 + bytes, scratch),
  };
}

const numbers = [0, 1, 2, 3];

const widened = (local: number, offset: number): Code => [
  ...get(local),
  ...v128.loadLow(offset),
  ...f64x2.widenLow,
];

/** Adds the squares of differences on the stack to a sum. */
const addSquares = (difference: number, sum: number): Code => [
  ...[...f64x2.sub, ...tee(difference), ...get(difference), ...f64x2.mul],
  ...[...get(sum), ...f64x2.add, ...set(sum)],
];

const lanes = (sum: number): Code => [
  ...[...get(sum), ...f64x2.lane(0)],
  ...[...get(sum), ...f64x2.lane(1), ...f64.add],
];

/** Stores a distance: the sums of places 0, 1 and those of 2, 3 modulo 4. */
const storeTotal = (scratch: number, [low, high]: readonly number[]): Code => [
  ...[...get(scratch), ...lanes(low), ...lanes(high), ...f64.add, ...f64.store],
  ...advance(scratch, 8),
];

const reached = (local: number, end: number): Code => [...get(local), ...get(end), ...i32.atLeast];

const rowProgram: WasmFunction = (() => {
  const [row, end, scratch] = [0, 5, 6];
  const [difference, low, high] = [7, 8, 9];
  const sums = numbers.map((i) => [10 + 2 * i, 11 + 2 * i]);
  const loadRow: Code = [...widened(row, 0), ...set(low), ...widened(row, 8), ...set(high)];
  const take = (i: number): Code => [
    ...[...widened(1 + i, 0), ...get(low), ...addSquares(difference, sums[i][0])],
    ...[...widened(1 + i, 8), ...get(high), ...addSquares(difference, sums[i][1])],
    ...advance(1 + i, 16),
  ];
  return {
    parameters: Array.from({ length: 7 }, () => "i32" as const),
    locals: Array.from({ length: 11 }, () => "v128" as const),
    body: [
      ...until(reached(row, end), [...loadRow, ...numbers.flatMap(take), ...advance(row, 16)]),
      ...numbers.flatMap((i) => storeTotal(scratch, sums[i])),
    ],
  };
})();

/** A program for four pairs: `take` takes in four places of a pair, `store` stores what it comes to. */
function pairsOf(
  sumsEach: number,
  take: (row: number, query: number, difference: number, sums: readonly number[]) => Code,
  store: (scratch: number, sums: readonly number[]) => Code,
): WasmFunction {
  const [end, scratch, difference] = [8, 9, 10];
  const sums = numbers.map((i) => Array.from({ length: sumsEach }, (_, j) => 11 + i * sumsEach + j));
  const step = (i: number): Code => [
    ...take(2 * i, 2 * i + 1, difference, sums[i]),
    ...[...advance(2 * i, 16), ...advance(2 * i + 1, 16)],
  ];
  return {
    parameters: Array.from({ length: 10 }, () => "i32" as const),
    locals: Array.from({ length: 1 + 4 * sumsEach }, () => "v128" as const),
    body: [
      ...until(reached(0, end), numbers.flatMap(step)),
      ...numbers.flatMap((i) => store(scratch, sums[i])),
    ],
  };
}

const pairsProgram = pairsOf(
  2,
  (row, query, difference, sums) =>
    [0, 1].flatMap((i) => [
      ...[...widened(query, 8 * i), ...widened(row, 8 * i), ...addSquares(difference, sums[i])],
    ]),
  storeTotal,
);

const floatsProgram = pairsOf(
  1,
  (row, query, difference, [sum]) => [
    ...[...get(query), ...v128.load(0), ...get(row), ...v128.load(0), ...f32x4.sub, ...tee(difference)],
    ...[...get(difference), ...f32x4.mul, ...get(sum), ...f32x4.add, ...set(sum)],
  ],
  (scratch, [sum]) => [
    ...[...get(scratch), ...get(sum), ...f32x4.lane(0), ...get(sum), ...f32x4.lane(1), ...f32.add],
    ...[...get(sum), ...f32x4.lane(2), ...get(sum), ...f32x4.lane(3), ...f32.add, ...f32.add],
    ...[...f64.ofFloat, ...f64.store, ...advance(scratch, 8)],
  ],
);
