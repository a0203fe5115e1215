import {
  advance,
  type Code,
  f32x4,
  get,
  i32,
  i32x4,
  instantiate,
  integers,
  set,
  tee,
  until,
  v128,
  type WasmFunction,
} from "../../../core/wasm-assembler.js";

/** Rounds a row to 8-bit integers, in WebAssembly with four float32 lanes. */
export interface RoundingKernel {
  /** Float32Array of d: receives the row; holds it less the middle after `move`. */
  readonly row: Float32Array;
  /** Receives the integers: Int8Array of d, or Uint8Array of d for each plus 128. */
  readonly integers: Int8Array | Uint8Array;
  /**
   * Takes the middle from the row, rounding to float32.
   *
   * @returns the largest magnitude of what is left
   */
  move(): number;
  /**
   * Rounds what `move` left.
   *
   * @param inverse - float32: one over what the integers stand for
   * @returns the sum of the squared integers, exact, and the sum of the squares of what rounding moved them by, as a float32
   */
  round(inverse: number): readonly [squares: number, apart: number];
}

const laneBytes = 16;

/**
 * @param middle - Float32Array: the point that becomes zero
 * @param form - "plus 128" to have 128 added to the integers, or "signed"
 * @returns a kernel with memory of its own
 */
export function roundingKernel(middle: Float32Array, form: "signed" | "plus 128"): RoundingKernel {
  const d = middle.length;
  const stride = Math.ceil(d / laneBytes) * laneBytes;
  const [middleAt, rowAt, integersAt] = [32, 32 + 4 * stride, 32 + 8 * stride];
  const all = instantiate<(...values: number[]) => void>(program, integersAt + stride);
  new Float32Array(all.memory, middleAt, d).set(middle);
  const floats = new Float32Array(all.memory, 0, 4);
  const counts = new Int32Array(all.memory, 16, 4);
  const flip = form === "signed" ? 0 : 0x80808080 | 0;
  const run = (inverse: number, pass: number) =>
    all.run(rowAt, middleAt, integersAt, rowAt + 4 * stride, inverse, pass, flip);
  return {
    row: new Float32Array(all.memory, rowAt, d),
    integers: new (form === "signed" ? Int8Array : Uint8Array)(all.memory, integersAt, d),
    move() {
      run(0, 0);
      return Math.max(floats[0], floats[1], floats[2], floats[3]);
    },
    round(inverse) {
      run(inverse, 1);
      return [counts[0] + counts[1] + counts[2] + counts[3], floats[0] + floats[1] + floats[2] + floats[3]];
    },
  };
}

const [row, middle, target, rowEnd, inverse, pass, flip] = [0, 1, 2, 3, 4, 5, 6];
const [sum, squares, value, integer, flips, first, second, inverses, zero] = [
  7, 8, 9, 10, 11, 12, 13, 14, 15,
];

const moveFour = (offset: number): Code => [
  ...[...get(row), ...get(row), ...v128.load(offset), ...get(middle), ...v128.load(offset), ...f32x4.sub],
  ...[...tee(value), ...v128.store(offset)],
  ...[...get(value), ...f32x4.abs, ...get(sum), ...f32x4.larger, ...set(sum)],
];

/** Leaves four integers on the stack. */
const roundFour = (offset: number): Code => [
  ...[...get(row), ...v128.load(offset), ...get(inverses), ...f32x4.mul, ...tee(value)],
  ...[...f32x4.nearest, ...set(integer)],
  ...[...get(value), ...get(integer), ...f32x4.sub, ...tee(value), ...get(value), ...f32x4.mul],
  ...[...get(sum), ...f32x4.add, ...set(sum)],
  ...[...get(integer), ...integers.fromFourFloats],
];

/** Leaves eight integers of 16 bits in a local, and adds their squares. */
const roundEight = (offset: number, local: number): Code => [
  ...[...roundFour(offset), ...roundFour(offset + 16), ...integers.narrowTo16, ...tee(local)],
  ...[...get(local), ...i32x4.dot, ...get(squares), ...i32x4.add, ...set(squares)],
];

const ended: Code = [...get(row), ...get(rowEnd), ...i32.atLeast];

/** The pass 0 moves the row and finds its largest magnitude, the pass 1 rounds; both leave their results at address 0. */
const program: WasmFunction = {
  parameters: ["i32", "i32", "i32", "i32", "f32", "i32", "i32"],
  locals: ["v128", "v128", "v128", "v128", "v128", "v128", "v128", "v128", "i32"],
  body: [
    ...[...get(inverse), ...f32x4.splat, ...set(inverses), ...get(flip), ...i32x4.splat, ...set(flips)],
    ...until(
      [...ended, ...get(pass), ...i32.or],
      [...[0, 16, 32, 48].flatMap(moveFour), ...advance(row, 64), ...advance(middle, 64)],
    ),
    ...until(
      [...ended, ...get(pass), ...i32.isZero, ...i32.or],
      [
        ...[...roundEight(0, first), ...roundEight(32, second)],
        ...[...get(target), ...get(first), ...get(second), ...integers.narrowTo8],
        ...[...get(flips), ...v128.xor, ...v128.store(0), ...advance(row, 64), ...advance(target, 16)],
      ],
    ),
    ...[...get(zero), ...get(sum), ...v128.store(0), ...get(zero), ...get(squares), ...v128.store(16)],
  ],
};
