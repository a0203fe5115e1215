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
  vector,
  type WasmFunction,
} from "../../../core/wasm-assembler.js";

/** How many pairs a kernel measures at a time: a multiple of four. */
export const pairsAtOnce = 1024;

/** Bytes of its own memory that a kernel needs. */
export const directBytes = 16 * pairsAtOnce;

/** Squared distances of pairs of rows in memory that threads share, in WebAssembly. */
export interface DirectKernel {
  /** Int32Array, pairs x 2: the addresses of both rows of each pair, `stride` float32 each, those past d zero. */
  readonly addresses: Int32Array;
  /** Float64Array: receives the squared distance of each pair. */
  readonly distances: Float64Array;
  /**
   * Measures pairs.
   *
   * @param count - how many; addresses are filled up to a multiple of four
   * @param numbers - "doubles": with the bits of `squaredDistance`; "floats": in float32, of which `mostInFloats` tells what
   * they mean
   */
  run(count: number, numbers: "doubles" | "floats"): void;
}

const roundoff32 = 2 ** -24;

/**
 * Bounds the squared distance that a `DirectKernel` finds in float32, where it finds a finite one. With u = 2^-24, a
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
 * @param memory - the memory
 * @param stride - length of the rows, a multiple of 4
 * @param scratch - address of `directBytes`, a multiple of 8
 * @returns the kernel
 */
export function directKernel(memory: SharedMemory, stride: number, scratch: number): DirectKernel {
  const [doubles, floats] = [doublesProgram, floatsProgram].map((program) =>
    instantiateOn<(...places: number[]) => void>(program, memory),
  );
  const found = scratch + 8 * pairsAtOnce;
  return {
    addresses: new Int32Array(memory.buffer, scratch, 2 * pairsAtOnce),
    distances: new Float64Array(memory.buffer, found, pairsAtOnce),
    run(count, numbers) {
      const program = numbers === "doubles" ? doubles : floats;
      program(scratch, scratch + 8 * count, found, 4 * stride);
    },
  };
}

const [pair, pairsEnd, out, rowBytes] = [0, 1, 2, 3];
const end = 4;
const rows = [5, 7, 9, 11];
const queries = [6, 8, 10, 12];
const difference = 13;
const four = [0, 1, 2, 3];

const reached = (local: number, limit: number): Code => [...get(local), ...get(limit), ...i32.atLeast];

const widened = (local: number, offset: number): Code => [
  ...get(local),
  ...v128.loadLow(offset),
  ...f64x2.widenLow,
];

/** Measures pairs, four at a time: `take` takes in four places of one of these, `total` pushes what they come to. */
function pairsProgram(
  sumsEach: number,
  take: (row: number, query: number, sums: readonly number[]) => Code,
  total: (sums: readonly number[]) => Code,
): WasmFunction {
  const sums = four.map((i) => Array.from({ length: sumsEach }, (_, j) => difference + 1 + i * sumsEach + j));
  const load = (i: number): Code => [
    ...[...get(pair), ...i32.load(8 * i), ...set(rows[i])],
    ...[...get(pair), ...i32.load(8 * i + 4), ...set(queries[i])],
    ...sums[i].flatMap((sum) => [...vector("i32", 0), ...set(sum)]),
  ];
  const step = (i: number): Code => [
    ...take(rows[i], queries[i], sums[i]),
    ...[...advance(rows[i], 16), ...advance(queries[i], 16)],
  ];
  const store = (i: number): Code => [...get(out), ...total(sums[i]), ...f64.store, ...advance(out, 8)];
  return {
    parameters: ["i32", "i32", "i32", "i32"],
    locals: [
      ...Array.from({ length: 9 }, () => "i32" as const),
      ...Array.from({ length: 1 + 4 * sumsEach }, () => "v128" as const),
    ],
    body: until(reached(pair, pairsEnd), [
      ...[...four.flatMap(load), ...get(rows[0]), ...get(rowBytes), ...i32.add, ...set(end)],
      ...until(reached(rows[0], end), four.flatMap(step)),
      ...[...four.flatMap(store), ...advance(pair, 32)],
    ]),
  };
}

const sumOf = ([first, second]: readonly [Code, Code], add: Code): Code => [...first, ...second, ...add];

/** Two sums, of places 0, 1 and of 2, 3 modulo 4. */
const doublesProgram = pairsProgram(
  2,
  (row, query, sums) =>
    sums.flatMap((sum, i) => [
      ...[...widened(query, 8 * i), ...widened(row, 8 * i), ...f64x2.sub, ...tee(difference)],
      ...[...get(difference), ...f64x2.mul, ...get(sum), ...f64x2.add, ...set(sum)],
    ]),
  (sums) => {
    const [low, high] = sums.map((sum) =>
      sumOf(
        [
          [...get(sum), ...f64x2.lane(0)],
          [...get(sum), ...f64x2.lane(1)],
        ],
        f64.add,
      ),
    );
    return sumOf([low, high], f64.add);
  },
);

const floatsProgram = pairsProgram(
  1,
  (row, query, [sum]) => [
    ...[...get(query), ...v128.load(0), ...get(row), ...v128.load(0), ...f32x4.sub, ...tee(difference)],
    ...[...get(difference), ...f32x4.mul, ...get(sum), ...f32x4.add, ...set(sum)],
  ],
  ([sum]) => {
    const [a, b, c, e] = four.map((lane) => [...get(sum), ...f32x4.lane(lane)]);
    return [...sumOf([sumOf([a, b], f32.add), sumOf([c, e], f32.add)], f32.add), ...f64.ofFloat];
  },
);
