import {
  advance,
  type Code,
  f32,
  f32x4,
  get,
  i32,
  i32x4,
  integer,
  integers,
  set,
  until,
  v128,
  vector,
  type WasmFunction,
  when,
} from "../../../core/wasm-assembler.js";

const [at, end, k] = [0, 1, 2];
const [low, high, middle, place, count] = [3, 4, 5, 6, 7];
const [bound, counts] = [8, 9];

const infinity = 0x7f800000;

/** Turns the bits of a float32 into an integer of the same order, and back. */
const ordered = (local: number): Code => [
  ...[...get(local), ...get(local), ...integer(31), ...i32.shiftSigned],
  ...[...integer(0x7fffffff), ...i32.and, ...i32.xor],
];

const countEight: Code = [
  ...[...get(counts), ...get(place), ...v128.load(0), ...get(bound), ...f32x4.atMost, ...i32x4.sub],
  ...[...get(place), ...v128.load(16), ...get(bound), ...f32x4.atMost, ...i32x4.sub, ...set(counts)],
  ...advance(place, 32),
];

const sumOfLanes: Code = [
  ...[...get(counts), ...integers.lane(0), ...get(counts), ...integers.lane(1), ...i32.add],
  ...[...get(counts), ...integers.lane(2), ...i32.add, ...get(counts), ...integers.lane(3), ...i32.add],
];

/**
 * Finds a float32 number that k of some numbers do not exceed, and no more unless they are equal: by bisection over all
 * float32 numbers, counting each time, as long as more or fewer than k do not exceed it.
 *
 * Parameters: address of the numbers, without NaN, a multiple of eight filled up with infinity; address of their end; k, at
 * least 1 and at most their number.
 */
export const kthProgram: WasmFunction = {
  parameters: ["i32", "i32", "i32"],
  result: "f32",
  locals: ["i32", "i32", "i32", "i32", "i32", "v128", "v128"],
  body: [
    ...[...integer(-infinity - 1), ...set(low), ...integer(infinity), ...set(high)],
    ...until(
      [...get(low), ...integer(1), ...i32.add, ...get(high), ...i32.atLeastSigned],
      [
        ...[...get(low), ...get(high), ...get(low), ...i32.sub, ...integer(1), ...i32.shiftRight],
        ...[...i32.add, ...set(middle)],
        ...[...ordered(middle), ...f32.ofBits, ...f32x4.splat, ...set(bound)],
        ...[...vector("i32", 0), ...set(counts), ...get(at), ...set(place)],
        ...until([...get(place), ...get(end), ...i32.atLeast], countEight),
        ...[...sumOfLanes, ...set(count)],
        ...[...get(count), ...get(k), ...i32.atLeastSigned, ...when([...get(middle), ...set(high)])],
        ...[...get(k), ...get(count), ...i32.atLeastSigned, ...when([...get(middle), ...set(low)])],
      ],
    ),
    ...[...ordered(high), ...f32.ofBits],
  ],
};
