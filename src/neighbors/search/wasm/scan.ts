import {
  advance,
  type Code,
  f32x4,
  get,
  i32,
  instantiate,
  integer,
  integers,
  set,
  tee,
  until,
  v128,
  type WasmFunction,
  when,
} from "../../../core/wasm-assembler.js";

/** Goes through products of 8-bit rows, in WebAssembly with four float32 lanes. */
export interface ScanKernel {
  /** Int32Array: the products of some queries, row-major. */
  readonly products: Int32Array;
  /** Float32Array: |x|^2 of each row, in some unit; those past the last row infinite. */
  readonly norms: Float32Array;
  /** Float32Array: the step of each row, in some unit. */
  readonly steps: Float32Array;
  /** Int32Array: receives positions of rows. */
  readonly hits: Int32Array;
  /** Float32Array: receives least keys. */
  readonly least: Float32Array;
  /**
   * Finds the rows whose key norm - twice * step * product, computed in float32, is not above a limit.
   *
   * @param start - position of the query's first product
   * @param rows - number of rows
   * @param twice - twice the query's step
   * @param reach - the limit
   * @returns how many were found; the last ones may be past the last row
   */
  find(start: number, rows: number, twice: number, reach: number): number;
  /**
   * Finds the least keys of groups of rows: each of `size` rows, four groups in turns.
   *
   * @param start - position of the query's first product
   * @param fours - number of groups over four
   * @param size - rows in a group
   * @param twice - twice the query's step
   */
  findLeast(start: number, fours: number, size: number, twice: number): void;
}

/**
 * @param queries - most queries at a time
 * @param rows - most rows
 * @returns a kernel with memory of its own
 */
export function scanKernel(queries: number, rows: number): ScanKernel {
  const width = 4 * Math.ceil(rows / 4 + 1);
  const [stepsAt, hitsAt, leastAt, productsAt] = [1, 2, 3, 4].map((i) => i * width * 4);
  const size = productsAt + 4 * (queries * rows + 16);
  const all = instantiate<(...values: number[]) => number>(program, size);
  const normsAt = 0;
  return {
    products: new Int32Array(all.memory, productsAt, queries * rows),
    norms: new Float32Array(all.memory, normsAt, width),
    steps: new Float32Array(all.memory, stepsAt, width),
    hits: new Int32Array(all.memory, hitsAt, width),
    least: new Float32Array(all.memory, leastAt, width),
    find(start, count, twice, reach) {
      const end = all.run(
        productsAt + 4 * start,
        normsAt,
        stepsAt,
        normsAt + 4 * count,
        hitsAt,
        twice,
        reach,
        0,
      );
      return (end - hitsAt) / 4;
    },
    findLeast(start, fours, groupRows, twice) {
      for (let i = 0; i < fours; i++) {
        const from = 16 * groupRows * i;
        const end = normsAt + from + 16 * groupRows;
        const at = leastAt + 16 * i;
        all.run(
          productsAt + 4 * start + from,
          normsAt + from,
          stepsAt + from,
          end,
          at,
          twice,
          Number.POSITIVE_INFINITY,
          1,
        );
      }
    },
  };
}

const [product, norm, step, normEnd, out, twice, reach, least] = [0, 1, 2, 3, 4, 5, 6, 7];
const [twices, reaches, above, smallest, row, found] = [8, 9, 10, 11, 12, 13];

const key: Code = [
  ...[...get(norm), ...v128.load(0), ...get(step), ...v128.load(0), ...get(twices), ...f32x4.mul],
  ...[...get(product), ...v128.load(0), ...f32x4.fromIntegers, ...f32x4.mul, ...f32x4.sub],
];
const next: Code = [...advance(product, 16), ...advance(norm, 16), ...advance(step, 16)];
const ended: Code = [...get(norm), ...get(normEnd), ...i32.atLeast];

const storeHits: Code = [
  ...[...get(above), ...v128.not, ...integers.signs, ...set(found)],
  ...until(
    [...get(found), ...i32.isZero],
    [
      ...[...get(out), ...get(row), ...get(found), ...i32.trailingZeros, ...i32.add, ...i32.store],
      ...[
        ...advance(out, 4),
        ...get(found),
        ...get(found),
        ...integer(1),
        ...i32.sub,
        ...i32.and,
        ...set(found),
      ],
    ],
  ),
];

/** Either stores the positions of keys not above the limit and returns the end of the list, or stores four least keys. */
const program: WasmFunction = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "f32", "f32", "i32"],
  result: "i32",
  locals: ["v128", "v128", "v128", "v128", "i32", "i32"],
  body: [
    ...[...get(twice), ...f32x4.splat, ...set(twices), ...get(reach), ...f32x4.splat, ...set(reaches)],
    ...[...get(reaches), ...set(smallest)],
    ...until(
      [...ended, ...get(least), ...i32.or],
      [
        ...[...key, ...get(reaches), ...f32x4.greater, ...tee(above), ...integers.allTrue, ...i32.isZero],
        ...[...when(storeHits), ...next, ...advance(row, 4)],
      ],
    ),
    ...until([...ended], [...key, ...get(smallest), ...f32x4.min, ...set(smallest), ...next]),
    ...[...get(least), ...when([...get(out), ...get(smallest), ...v128.store(0)]), ...get(out)],
  ],
};
