import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBfloat16, fromFloat16, toFloat16 } from "../../src/networks/float16.js";

test("known numbers", () => {
  expect([1, -2, 65504, 2 ** -24, 2 ** -14, 0, 0.1].map(toFloat16)).toEqual([
    0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x0000, 0x2e66,
  ]);
  expect([65519, 65520, -1e9, Number.NEGATIVE_INFINITY].map(toFloat16)).toEqual([
    0x7bff, 0x7c00, 0xfc00, 0xfc00,
  ]);
  expect(toFloat16(-0)).toBe(0x8000);
  expect([...fromFloat16(Uint16Array.of(0x3555, 0x7c00, 0x8001))]).toEqual([
    0.333251953125,
    Number.POSITIVE_INFINITY,
    -(2 ** -24),
  ]);
  expect([...fromBfloat16(Uint16Array.of(0x3f80, 0xc0a0))]).toEqual([1, -5]);
});

test("ties go to the even number", () => {
  expect(toFloat16(1 + 2 ** -11)).toBe(0x3c00);
  expect(toFloat16(1 + 3 * 2 ** -11)).toBe(0x3c02);
  expect(toFloat16(2 ** -25)).toBe(0);
  expect(toFloat16(3 * 2 ** -25)).toBe(2);
});

test("every half-precision number survives", () => {
  const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const wide = fromFloat16(all);
  const back = Uint16Array.from(wide as ArrayLike<number>, toFloat16);
  const changed = all.filter((bits) => back[bits] !== bits && !Number.isNaN(wide[bits]));
  expect([...changed]).toEqual([]);
  expect([...wide].filter(Number.isNaN).length).toBe(2 * 1023);
  expect(Number.isNaN(fromFloat16(Uint16Array.of(toFloat16(Number.NaN)))[0])).toBe(true);
});

test("no half-precision number is nearer than the one chosen", () => {
  fc.assert(
    fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
      const bits = toFloat16(value);
      const [chosen, below, above] = fromFloat16(Uint16Array.of(bits, bits - 1, bits + 1));
      const error = Math.abs(chosen - value);
      for (const other of [below, above]) {
        if (Number.isFinite(other)) expect(error).toBeLessThanOrEqual(Math.abs(other - value));
      }
    }),
  );
});
