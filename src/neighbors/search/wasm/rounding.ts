import {
  advance,
  type Code,
  f64x2,
  get,
  i32,
  instantiate,
  integers,
  set,
  tee,
  until,
  v128,
  type WasmFunction,
} from "../../../core/wasm-assembler.js";

/** Rounds a row to 8-bit integers, in WebAssembly. */
export interface RoundingKernel {
  /** Float32Array of d: the row. */
  readonly row: Float32Array;
  /** Receives the integers: Int8Array of d, or Uint8Array of d for each plus 128. */
  readonly integers: Int8Array | Uint8Array;
  /**
   * Takes the middle from the row.
   *
   * @returns the largest magnitude of what is left
   */
  move(): number;
  /**
   * Rounds what `move` left.
   *
   * @param step - what the integers stand for
   * @param inverse - 1 / step, or 0
   * @returns the sum of the squared integers, and that of the squared errors
   */
  round(step: number, inverse: number): readonly [squares: number, apart: number];
}

/**
 * @param middle - Float64Array: the point that becomes zero
 * @param form - "plus 128" to have 128 added to the integers, or "signed"
 * @returns a kernel with memory of its own
 */
export function roundingKernel(middle: Float64Array, form: "signed" | "plus 128"): RoundingKernel {
  const d = middle.length;
  const stride = Math.ceil(d / 4) * 4;
  const [middleAt, movedAt, rowAt, integersAt] = [32, 32 + 8 * stride, 32 + 16 * stride, 32 + 20 * stride];
  const size = 32 + 21 * stride;
  const all = instantiate<(...values: number[]) => void>(program, size);
  new Float64Array(all.memory, middleAt, d).set(middle);
  const sums = new Float64Array(all.memory, 0, 4);
  const run = (step: number, inverse: number, pass: number) =>
    all.run(
      rowAt,
      middleAt,
      movedAt,
      integersAt,
      rowAt + 4 * stride,
      step,
      inverse,
      pass,
      form === "signed" ? 0 : 0x80808080 | 0,
    );
  return {
    row: new Float32Array(all.memory, rowAt, d),
    integers: new (form === "signed" ? Int8Array : Uint8Array)(all.memory, integersAt, d),
    move() {
      run(0, 0, 0);
      return Math.max(sums[0], sums[1]);
    },
    round(step, inverse) {
      run(step, inverse, 1);
      return [sums[0] + sums[1], sums[2] + sums[3]];
    },
  };
}

const [row, middle, moved, target, rowEnd, step, inverse, pass, flip] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const [first, second, value, integer, steps, inverses, zero] = [9, 10, 11, 12, 13, 14, 15];

const moveTwo = (offset: number): Code => [
  ...[...get(moved)],
  ...[...get(row), ...v128.loadLow(offset), ...f64x2.widenLow, ...get(middle), ...v128.load(2 * offset)],
  ...[...f64x2.sub, ...tee(value), ...v128.store(2 * offset)],
  ...[...get(value), ...f64x2.abs, ...get(first), ...f64x2.max, ...set(first)],
];

/** Leaves two integers on the stack. */
const roundTwo = (offset: number): Code => [
  ...[...get(moved), ...v128.load(offset), ...tee(value), ...get(inverses), ...f64x2.mul],
  ...[...f64x2.nearest, ...tee(integer), ...get(integer), ...f64x2.mul, ...get(first), ...f64x2.add],
  ...[...set(first), ...get(value), ...get(integer), ...get(steps), ...f64x2.mul, ...f64x2.sub],
  ...[...tee(value), ...get(value), ...f64x2.mul, ...get(second), ...f64x2.add, ...set(second)],
  ...[...get(integer), ...integers.fromTwoFloats],
];

const pack: Code = [
  ...integers.joinLow,
  ...get(value),
  ...integers.narrowTo16,
  ...get(value),
  ...integers.narrowTo8,
];
const storeSums: Code = [
  ...get(zero),
  ...get(first),
  ...v128.store(0),
  ...get(zero),
  ...get(second),
  ...v128.store(16),
];
const ended: Code = [...get(row), ...get(rowEnd), ...i32.atLeast];

/** The pass 0 moves the row and finds its largest magnitude, the pass 1 rounds; both leave two sums at address 0. */
const program: WasmFunction = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "f64", "f64", "i32", "i32"],
  locals: ["v128", "v128", "v128", "v128", "v128", "v128", "i32"],
  body: [
    ...[...get(step), ...f64x2.splat, ...set(steps), ...get(inverse), ...f64x2.splat, ...set(inverses)],
    ...until(
      [...ended, ...get(pass), ...i32.or],
      [...moveTwo(0), ...moveTwo(8), ...advance(row, 16), ...advance(middle, 32), ...advance(moved, 32)],
    ),
    ...until(
      [...ended, ...get(pass), ...i32.isZero, ...i32.or],
      [
        ...[
          ...get(target),
          ...roundTwo(0),
          ...roundTwo(16),
          ...pack,
          ...integers.lane(0),
          ...get(flip),
          ...i32.xor,
          ...i32.store,
        ],
        ...[...advance(row, 16), ...advance(moved, 32), ...advance(target, 4)],
      ],
    ),
    ...storeSums,
  ],
};
