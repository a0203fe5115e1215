import {
  advance,
  type Code,
  f32x4,
  get,
  i32,
  instantiateAll,
  integer,
  integers,
  set,
  until,
  v128,
  type WasmFunction,
  when,
} from "../../../core/wasm-assembler.js";
import { kthProgram } from "./kth.js";

/** Goes through products of rows, in WebAssembly with four float32 lanes. */
export interface ScanKernel<P extends Int32Array | Float32Array = Int32Array> {
  /** Int32Array or Float32Array: the products of some queries, row-major. */
  readonly products: P;
  /** Float32Array: |x|^2 of each row, in some unit; those past the last row infinite. */
  readonly norms: Float32Array;
  /** Float32Array: the step of each row, in some unit. */
  readonly steps: Float32Array;
  /** Int32Array: receives positions of rows. */
  readonly hits: Int32Array;
  /** Float32Array: receives the keys of these rows. */
  readonly keys: Float32Array;
  /** Float32Array: receives least keys. */
  readonly least: Float32Array;
  /**
   * Finds the rows whose key norm - twice * step * product, computed in float32, is not above a limit, and their keys.
   *
   * @param start - position of the query's first product
   * @param rows - number of rows
   * @param twice - twice the query's step
   * @param reach - the limit
   * @param least - rows in each of the groups whose least keys `findLeast` has just found, which then are looked at first;
   * 0 for none
   * @returns how many were found; the last ones may be past the last row
   */
  find(start: number, rows: number, twice: number, reach: number, least: number): number;
  /**
   * Finds the least keys of groups of rows: each of `size` rows, four groups in turns.
   *
   * @param start - position of the query's first product
   * @param fours - number of groups over four
   * @param size - rows in a group
   * @param twice - twice the query's step
   */
  findLeast(start: number, fours: number, size: number, twice: number): void;
  /**
   * Finds a key that k of the first `count` numbers in `keys` or `least` do not exceed, and no more unless they are equal.
   *
   * @param list - where they are; numbers after them are overwritten
   * @param count - how many, at least k
   * @param k - how many are wanted
   * @returns the key
   */
  kth(list: "keys" | "least", count: number, k: number): number;
}

/** How much a kernel holds. */
export interface ScanSizes {
  /** Most queries at a time. */
  readonly queries: number;
  /** Most rows. */
  readonly rows: number;
  /** Room for other keys after those of all rows. */
  readonly others: number;
}

/**
 * @param sizes - how much it holds
 * @returns a kernel for integer products, with memory of its own
 */
export function scanKernel(sizes: ScanSizes): ScanKernel {
  return kernelOf(integerProgram, sizes, Int32Array) as ScanKernel;
}

/**
 * @param sizes - how much it holds
 * @returns a kernel for float32 products, with memory of its own
 */
export function floatScanKernel(sizes: ScanSizes): ScanKernel<Float32Array> {
  return kernelOf(floatProgram, sizes, Float32Array) as ScanKernel<Float32Array>;
}

function kernelOf(
  program: WasmFunction,
  { queries, rows, others }: ScanSizes,
  Numbers: Int32ArrayConstructor | Float32ArrayConstructor,
): ScanKernel<Int32Array | Float32Array> {
  const width = 8 * Math.ceil((rows + others) / 8 + 1);
  const [stepsAt, hitsAt, keysAt, leastAt, fourAt] = [1, 2, 3, 4, 5].map((i) => i * width * 4);
  const productsAt = fourAt + 16;
  const size = productsAt + 4 * (queries * rows + 16);
  const all = instantiateAll<(...values: number[]) => number>([program, kthProgram], size);
  const [scan, kth] = all.run;
  const lists = {
    keys: new Float32Array(all.memory, keysAt, width),
    least: new Float32Array(all.memory, leastAt, width),
  };
  const normsAt = 0;
  return {
    products: new Numbers(all.memory, productsAt, queries * rows),
    norms: new Float32Array(all.memory, normsAt, width),
    steps: new Float32Array(all.memory, stepsAt, width),
    hits: new Int32Array(all.memory, hitsAt, width),
    ...lists,
    find(start, count, twice, reach, least) {
      const chunks = least === 0 ? 0 : Math.floor(count / (4 * least));
      const end = scan(
        productsAt + 4 * start,
        normsAt,
        stepsAt,
        normsAt + 4 * count,
        hitsAt,
        twice,
        reach,
        leastAt,
        16 * least,
        normsAt + 16 * least * chunks,
        0,
        keysAt - hitsAt,
        fourAt,
      );
      return (end - hitsAt) / 4;
    },
    findLeast(start, fours, groupRows, twice) {
      const end = normsAt + 16 * groupRows * fours;
      const reach = Number.POSITIVE_INFINITY;
      scan(
        productsAt + 4 * start,
        normsAt,
        stepsAt,
        end,
        0,
        twice,
        reach,
        leastAt,
        16 * groupRows,
        end,
        1,
        0,
        fourAt,
      );
    },
    kth(list, count, k) {
      const filled = 8 * Math.ceil(count / 8);
      lists[list].fill(Number.POSITIVE_INFINITY, count, filled);
      const from = lists[list].byteOffset;
      return kth(from, from + 4 * filled, k);
    },
  };
}

const [product, norm, step, normEnd, out, twice, reach, least, chunk, chunksEnd, isLeast, toKeys, four] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
];
const [twices, reaches, smallest, row, found, stop, lane] = [13, 14, 15, 20, 21, 22, 23];
const keys = [16, 17, 18, 19];

/** Goes on by some vectors of four keys. */
const nextKeys = (count: number): Code => [
  ...[product, norm, step].flatMap((local) => advance(local, 16 * count)),
  ...advance(row, 4 * count),
];
/** The least of some vectors. */
const lessOf = ([first, ...others]: readonly Code[]): Code => [
  ...first,
  ...others.flatMap((other) => [...other, ...f32x4.lesser]),
];
const setStop: Code = [...get(norm), ...get(chunk), ...i32.add, ...set(stop)];
const stopped: Code = [...get(norm), ...get(stop), ...i32.atLeast];
const chunksEnded: Code = [...get(norm), ...get(chunksEnd), ...i32.atLeast];

/** Pushes four bits: which of four keys are not above the limit. */
const within = (keys: Code): Code => [
  ...[...keys, ...get(reaches), ...f32x4.greater, ...integers.signs, ...integer(15), ...i32.xor],
];

/** Stores those of four rows whose keys are not above the limit. */
const storeHits = (local: number, rowOffset: number): Code => [
  ...[...within(get(local)), ...set(found), ...get(four), ...get(local), ...v128.store(0)],
  ...until(
    [...get(found), ...i32.isZero],
    [
      ...[...get(found), ...i32.trailingZeros, ...set(lane)],
      ...[
        ...get(out),
        ...get(row),
        ...get(lane),
        ...i32.add,
        ...integer(rowOffset),
        ...i32.add,
        ...i32.store,
      ],
      ...[...get(out), ...get(toKeys), ...i32.add],
      ...[...get(four), ...get(lane), ...integer(2), ...i32.shiftLeft, ...i32.add, ...i32.load(0)],
      ...[...i32.store, ...advance(out, 4)],
      ...[...get(found), ...get(found), ...integer(1), ...i32.sub, ...i32.and, ...set(found)],
    ],
  ),
];

const skip = (local: number): Code => [...get(local), ...get(chunk), ...i32.add, ...set(local)];
const skipChunk: Code = [
  ...[...skip(product), ...skip(norm), ...skip(step)],
  ...[...get(row), ...get(chunk), ...integer(2), ...i32.shiftRight, ...i32.add, ...set(row)],
];

/**
 * Either stores the positions and the keys of those not above the limit and returns the end of the list, or stores least keys.
 *
 * @param toFloats - what makes float32 of four products
 */
function scanProgram(toFloats: Code): WasmFunction {
  const keyAt = (offset: number): Code => [
    ...[...get(norm), ...v128.load(offset), ...get(step), ...v128.load(offset), ...get(twices), ...f32x4.mul],
    ...[...get(product), ...v128.load(offset), ...toFloats, ...f32x4.mul, ...f32x4.sub],
  ];
  /** Repeats some code for four vectors of keys at a time, which it leaves in locals, then for those that are left. */
  const throughKeys = (code: (locals: readonly number[]) => Code): Code => [
    ...until(
      [...get(norm), ...integer(48), ...i32.add, ...get(stop), ...i32.atLeast],
      [...keys.flatMap((local, i) => [...keyAt(16 * i), ...set(local)]), ...[...code(keys), ...nextKeys(4)]],
    ),
    ...until(stopped, [...keyAt(0), ...set(keys[0]), ...code([keys[0]]), ...nextKeys(1)]),
  ];
  const findUntilStop = throughKeys((locals) => [
    ...within(lessOf(locals.map(get))),
    ...when(locals.flatMap((local, i) => storeHits(local, 4 * i))),
  ]);
  /** The least key of each group: of one lane of a chunk. */
  const findLeast: Code = until(chunksEnded, [
    ...[...setStop, ...get(reaches), ...set(smallest)],
    ...throughKeys((locals) => [...lessOf([...locals, smallest].map(get)), ...set(smallest)]),
    ...[...get(least), ...get(smallest), ...v128.store(0), ...advance(least, 16)],
  ]);
  /** Looks only at chunks whose least keys say that there is something, then at all rows after the last chunk. */
  const find: Code = [
    ...until(chunksEnded, [
      ...setStop,
      ...[...get(least), ...v128.load(0), ...get(reaches), ...f32x4.greater, ...integers.allTrue],
      ...when(skipChunk),
      ...[...findUntilStop, ...advance(least, 16)],
    ]),
    ...[...get(normEnd), ...set(stop), ...findUntilStop],
  ];
  return {
    parameters: ["i32", "i32", "i32", "i32", "i32", "f32", "f32", "i32", "i32", "i32", "i32", "i32", "i32"],
    result: "i32",
    locals: ["v128", "v128", "v128", "v128", "v128", "v128", "v128", "i32", "i32", "i32", "i32"],
    body: [
      ...[...get(twice), ...f32x4.splat, ...set(twices), ...get(reach), ...f32x4.splat, ...set(reaches)],
      ...[...get(isLeast), ...when(findLeast)],
      ...[...get(isLeast), ...i32.isZero, ...when(find)],
      ...get(out),
    ],
  };
}

const integerProgram = scanProgram(f32x4.fromIntegers);
const floatProgram = scanProgram([]);
