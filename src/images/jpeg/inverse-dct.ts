const fractionBits = 13;
const firstPassBits = 2;

const c0298 = 2446;
const c0390 = 3196;
const c0541 = 4433;
const c0765 = 6270;
const c0899 = 7373;
const c1175 = 9633;
const c1501 = 12299;
const c1847 = 15137;
const c1961 = 16069;
const c2053 = 16819;
const c2562 = 20995;
const c3072 = 25172;

const work = new Int32Array(64);

function clamp(value: number): number {
  return value < 0 ? 0 : Math.min(value, 255);
}

/**
 * Turns the coefficients of one block into samples, exactly as the accurate integer method of libjpeg does.
 *
 * Loeffler, Ligtenberg and Moschytz 1989 ("Practical fast 1-D DCT algorithms with 11 multiplications"), with 13
 * fraction bits; columns first, keeping 2 fraction bits, then rows.
 *
 * @param coefficients - 64 coefficients from `at`, in row order
 * @param at - index of the first
 * @param quant - 64 quantization steps, in row order
 * @param out - receives 8 rows of 8 samples, 0 to 255
 * @param to - index of the first sample
 * @param rowLength - samples from one row to the next
 */
export function inverseDct(
  coefficients: Int16Array,
  at: number,
  quant: Uint16Array,
  out: Uint8Array,
  to: number,
  rowLength: number,
): void {
  for (let x = 0; x < 8; x++) column(coefficients, at + x, quant, x);
  for (let y = 0; y < 8; y++) row(y * 8, out, to + y * rowLength);
}

function column(coefficients: Int16Array, at: number, quant: Uint16Array, x: number): void {
  const v0 = Math.imul(coefficients[at], quant[x]);
  const v1 = Math.imul(coefficients[at + 8], quant[x + 8]);
  const v2 = Math.imul(coefficients[at + 16], quant[x + 16]);
  const v3 = Math.imul(coefficients[at + 24], quant[x + 24]);
  const v4 = Math.imul(coefficients[at + 32], quant[x + 32]);
  const v5 = Math.imul(coefficients[at + 40], quant[x + 40]);
  const v6 = Math.imul(coefficients[at + 48], quant[x + 48]);
  const v7 = Math.imul(coefficients[at + 56], quant[x + 56]);
  if ((v1 | v2 | v3 | v4 | v5 | v6 | v7) === 0) {
    const flat = v0 << firstPassBits;
    for (let i = x; i < 64; i += 8) work[i] = flat;
    return;
  }
  butterfly(v0, v1, v2, v3, v4, v5, v6, v7, x, 8, fractionBits - firstPassBits);
}

function row(at: number, out: Uint8Array, to: number): void {
  const shift = fractionBits + firstPassBits + 3;
  const v0 = work[at];
  const v1 = work[at + 1];
  const v2 = work[at + 2];
  const v3 = work[at + 3];
  const v4 = work[at + 4];
  const v5 = work[at + 5];
  const v6 = work[at + 6];
  const v7 = work[at + 7];
  if ((v1 | v2 | v3 | v4 | v5 | v6 | v7) === 0) {
    const flat = clamp(((v0 + (1 << (firstPassBits + 2))) >> (firstPassBits + 3)) + 128);
    out.fill(flat, to, to + 8);
    return;
  }
  butterfly(v0, v1, v2, v3, v4, v5, v6, v7, at, 1, shift);
  for (let i = 0; i < 8; i++) out[to + i] = clamp(work[at + i] + 128);
}

function butterfly(
  v0: number,
  v1: number,
  v2: number,
  v3: number,
  v4: number,
  v5: number,
  v6: number,
  v7: number,
  to: number,
  step: number,
  shift: number,
): void {
  const turn = Math.imul(v2 + v6, c0541);
  const even2 = turn - Math.imul(v6, c1847);
  const even3 = turn + Math.imul(v2, c0765);
  const even0 = (v0 + v4) << fractionBits;
  const even1 = (v0 - v4) << fractionBits;
  const half = 1 << (shift - 1);
  const a0 = even0 + even3 + half;
  const a3 = even0 - even3 + half;
  const a1 = even1 + even2 + half;
  const a2 = even1 - even2 + half;

  const all = Math.imul(v7 + v3 + v5 + v1, c1175);
  const s1 = -Math.imul(v7 + v1, c0899);
  const s2 = -Math.imul(v5 + v3, c2562);
  const s3 = all - Math.imul(v7 + v3, c1961);
  const s4 = all - Math.imul(v5 + v1, c0390);
  const b0 = Math.imul(v7, c0298) + s1 + s3;
  const b1 = Math.imul(v5, c2053) + s2 + s4;
  const b2 = Math.imul(v3, c3072) + s2 + s3;
  const b3 = Math.imul(v1, c1501) + s1 + s4;

  work[to] = (a0 + b3) >> shift;
  work[to + 7 * step] = (a0 - b3) >> shift;
  work[to + step] = (a1 + b2) >> shift;
  work[to + 6 * step] = (a1 - b2) >> shift;
  work[to + 2 * step] = (a2 + b1) >> shift;
  work[to + 5 * step] = (a2 - b1) >> shift;
  work[to + 3 * step] = (a3 + b0) >> shift;
  work[to + 4 * step] = (a3 - b0) >> shift;
}
