import {
  advance,
  type Code,
  get,
  i16x8,
  i32,
  i32x4,
  instantiate,
  integers,
  set,
  shuffle,
  tee,
  until,
  v128,
  vector,
  type WasmFunction,
} from "../../core/wasm-assembler.js";
import { coefficients } from "./ycc.js";

/** Converts one row of pixels whose chroma has half their width and height; see `halvedToRgb`. */
export interface HalvedRow {
  /** Uint8Array: luma of the row. */
  readonly luma: Uint8Array;
  /** For each chroma component the nearer and the farther row: a copy of the first sample, the samples, a copy of the last. */
  readonly near: readonly [cb: Uint8Array, cr: Uint8Array];
  readonly far: readonly [cb: Uint8Array, cr: Uint8Array];
  /** Uint8Array: red, green and blue of every pixel. */
  readonly out: Uint8Array;
  /** Converts what is in the rows. */
  convert(width: number): void;
}

/** Pixels of one step. */
const step = 16;

let last: { row: HalvedRow; width: number } | undefined;

/**
 * @param width - pixels of a row
 * @returns rows for at least so many pixels, the same ones for every picture that fits
 */
export function halvedRow(width: number): HalvedRow {
  if (!last || last.width < width) last = { row: makeRow(width), width };
  return last.row;
}

function makeRow(width: number): HalvedRow {
  const wide = Math.ceil(width / step) * step;
  const chroma = wide / 2 + 16;
  const bytes = wide + 4 * chroma + 3 * wide;
  const { memory, run } = instantiate<(...addresses: number[]) => void>(program, bytes);
  const [blueNear, blueFar, redNear, redFar] = [0, 1, 2, 3].map((i) => wide + i * chroma);
  const out = wide + 4 * chroma;
  const part = (at: number, length: number) => new Uint8Array(memory, at, length);
  return {
    luma: part(0, wide),
    near: [part(blueNear, chroma), part(redNear, chroma)],
    far: [part(blueFar, chroma), part(redFar, chroma)],
    out: part(out, 3 * wide),
    convert: (pixels) => run(0, pixels, blueNear, blueFar, redNear, redFar, out),
  };
}

const [luma, lumaEnd, blueNear, blueFar, redNear, redFar, to] = [0, 1, 2, 3, 4, 5, 6];
const [center, even, odd] = [7, 8, 9];
const [blueLow, blueHigh, redLow, redHigh] = [10, 11, 12, 13];
const [level, reds, greens, blues] = [14, 15, 16, 17];
const [outReds, outGreens, outBlues] = [18, 19, 20];

const interleaveLow = shuffle([0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23]);
const interleaveHigh = shuffle([8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31]);

/** Three times the nearer row's samples and the farther row's, at one place before, at, or one after. */
const sums = (near: number, far: number, place: number): Code => [
  ...[...get(near), ...v128.load8(place), ...vector("i16", 3), ...i16x8.mul],
  ...[...get(far), ...v128.load8(place), ...i16x8.add],
];

/** The triangle filter along a row: from 8 samples to 16. */
const enlarge = (near: number, far: number, low: number, high: number): Code => {
  const side = (place: number, bias: number, local: number): Code => [
    ...[...get(center), ...sums(near, far, place), ...i16x8.add],
    ...[...vector("i16", bias), ...i16x8.add, ...i32.constant(4), ...i16x8.shiftRight, ...set(local)],
  ];
  return [
    ...[...sums(near, far, 1), ...vector("i16", 3), ...i16x8.mul, ...set(center)],
    ...side(0, 8, even),
    ...side(2, 7, odd),
    ...[...get(even), ...get(odd), ...interleaveLow, ...set(low)],
    ...[...get(even), ...get(odd), ...interleaveHigh, ...set(high)],
  ];
};

/** The upper halves of four and four 32-bit numbers, after an offset is added. */
const upper = (low: Code, high: Code, offset: number): Code => {
  const half = (code: Code) => [
    ...[...code, ...vector("i32", offset), ...i32x4.add],
    ...[...i32.constant(16), ...i32x4.shiftRight],
  ];
  return [...half(low), ...half(high), ...integers.narrowTo16];
};

const times = (chroma: number, factor: number, multiply: Code): Code => [
  ...get(chroma),
  ...vector("i16", factor),
  ...multiply,
];

/**
 * Eight pixels. The factors above 1/2 do not fit 16 bits with their 16 fraction bits, so that a whole multiple is split off:
 * exactly, as it shifts out whole.
 */
const eightPixels = (offset: number, blue: number, red: number): Code => {
  const { redPerCr, greenPerCb, greenPerCr, bluePerCb, redOffset, greenOffset, blueOffset } = coefficients;
  const [one, two] = [1 << 16, 2 << 16];
  const both = (interleave: Code): Code => [
    ...[...get(blue), ...get(red), ...interleave],
    ...[...vector("i16", -greenPerCb, one - greenPerCr), ...i32x4.dot],
  ];
  const split = (chroma: number, factor: number, add: number): Code =>
    upper(times(chroma, factor, i32x4.multiplyLow), times(chroma, factor, i32x4.multiplyHigh), add);
  return [
    ...[...get(luma), ...v128.load8(offset), ...tee(level)],
    ...[...get(red), ...i16x8.add, ...split(red, redPerCr - one, redOffset), ...i16x8.add, ...set(reds)],
    ...[...get(level), ...get(red), ...i16x8.sub],
    ...[...upper(both(interleaveLow), both(interleaveHigh), greenOffset), ...i16x8.add, ...set(greens)],
    ...[...get(level), ...get(blue), ...i16x8.add, ...get(blue), ...i16x8.add],
    ...[...split(blue, bluePerCb - two, blueOffset), ...i16x8.add, ...set(blues)],
  ];
};

/** Red, green and blue of 16 pixels one after another. */
const store = (third: number): Code => {
  const places = Array.from({ length: 16 }, (_, j) => {
    const at = 16 * third + j;
    return { pixel: Math.floor(at / 3), channel: at % 3, j };
  });
  return [
    ...[...get(to), ...get(outReds), ...get(outGreens)],
    ...shuffle(places.map(({ pixel, channel }) => (channel === 0 ? pixel : channel === 1 ? 16 + pixel : 0))),
    ...get(outBlues),
    ...shuffle(places.map(({ pixel, channel, j }) => (channel === 2 ? 16 + pixel : j))),
    ...v128.store(16 * third),
  ];
};

const program: WasmFunction = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  locals: Array(14).fill("v128"),
  body: until(
    [...get(luma), ...get(lumaEnd), ...i32.atLeast],
    [
      ...enlarge(blueNear, blueFar, blueLow, blueHigh),
      ...enlarge(redNear, redFar, redLow, redHigh),
      ...eightPixels(0, blueLow, redLow),
      ...[...get(reds), ...set(outReds), ...get(greens), ...set(outGreens), ...get(blues), ...set(outBlues)],
      ...eightPixels(8, blueHigh, redHigh),
      ...[...get(outReds), ...get(reds), ...integers.narrowToBytes, ...set(outReds)],
      ...[...get(outGreens), ...get(greens), ...integers.narrowToBytes, ...set(outGreens)],
      ...[...get(outBlues), ...get(blues), ...integers.narrowToBytes, ...set(outBlues)],
      ...[0, 1, 2].flatMap(store),
      ...[blueNear, blueFar, redNear, redFar].flatMap((row) => advance(row, step / 2)),
      ...[...advance(luma, step), ...advance(to, 3 * step)],
    ],
  ),
};
