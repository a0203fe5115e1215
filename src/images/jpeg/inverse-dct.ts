const fractionBits = 13;
const firstPassBits = 2;
const firstShift = fractionBits - firstPassBits;
const firstHalf = 1 << (firstShift - 1);
const secondShift = fractionBits + firstPassBits + 3;
const secondHalf = 1 << (secondShift - 1);
/** Samples are relative to the middle of their range. */
const middle = 128;

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
  out: Uint8ClampedArray,
  to: number,
  rowLength: number,
): void {
  for (let x = 0; x < 8; x++) {
    const i = at + x;
    const q0 = Math.imul(coefficients[i], quant[x]);
    const q1 = coefficients[i + 8];
    const q2 = coefficients[i + 16];
    const q3 = coefficients[i + 24];
    const q4 = coefficients[i + 32];
    const q5 = coefficients[i + 40];
    const q6 = coefficients[i + 48];
    const q7 = coefficients[i + 56];
    if ((q1 | q2 | q3 | q4 | q5 | q6 | q7) === 0) {
      const flat = q0 << firstPassBits;
      work[x] = flat;
      work[x + 8] = flat;
      work[x + 16] = flat;
      work[x + 24] = flat;
      work[x + 32] = flat;
      work[x + 40] = flat;
      work[x + 48] = flat;
      work[x + 56] = flat;
      continue;
    }
    const v1 = Math.imul(q1, quant[x + 8]);
    const v2 = Math.imul(q2, quant[x + 16]);
    const v3 = Math.imul(q3, quant[x + 24]);
    const v4 = Math.imul(q4, quant[x + 32]);
    const v5 = Math.imul(q5, quant[x + 40]);
    const v6 = Math.imul(q6, quant[x + 48]);
    const v7 = Math.imul(q7, quant[x + 56]);
    const turn = Math.imul((v2 + v6) | 0, c0541);
    const even2 = (turn - Math.imul(v6, c1847)) | 0;
    const even3 = (turn + Math.imul(v2, c0765)) | 0;
    const even0 = ((((q0 + v4) | 0) << fractionBits) + firstHalf) | 0;
    const even1 = ((((q0 - v4) | 0) << fractionBits) + firstHalf) | 0;
    const a0 = (even0 + even3) | 0;
    const a3 = (even0 - even3) | 0;
    const a1 = (even1 + even2) | 0;
    const a2 = (even1 - even2) | 0;
    const s1 = Math.imul((v7 + v1) | 0, -c0899);
    const s2 = Math.imul((v5 + v3) | 0, -c2562);
    const all = Math.imul((((v7 + v3) | 0) + ((v5 + v1) | 0)) | 0, c1175);
    const s3 = (all - Math.imul((v7 + v3) | 0, c1961)) | 0;
    const s4 = (all - Math.imul((v5 + v1) | 0, c0390)) | 0;
    const b0 = (((Math.imul(v7, c0298) + s1) | 0) + s3) | 0;
    const b1 = (((Math.imul(v5, c2053) + s2) | 0) + s4) | 0;
    const b2 = (((Math.imul(v3, c3072) + s2) | 0) + s3) | 0;
    const b3 = (((Math.imul(v1, c1501) + s1) | 0) + s4) | 0;
    work[x] = ((a0 + b3) | 0) >> firstShift;
    work[x + 56] = ((a0 - b3) | 0) >> firstShift;
    work[x + 8] = ((a1 + b2) | 0) >> firstShift;
    work[x + 48] = ((a1 - b2) | 0) >> firstShift;
    work[x + 16] = ((a2 + b1) | 0) >> firstShift;
    work[x + 40] = ((a2 - b1) | 0) >> firstShift;
    work[x + 24] = ((a3 + b0) | 0) >> firstShift;
    work[x + 32] = ((a3 - b0) | 0) >> firstShift;
  }
  for (let y = 0, o = to; y < 64; y += 8, o += rowLength) {
    const v0 = work[y];
    const v1 = work[y + 1];
    const v2 = work[y + 2];
    const v3 = work[y + 3];
    const v4 = work[y + 4];
    const v5 = work[y + 5];
    const v6 = work[y + 6];
    const v7 = work[y + 7];
    if ((v1 | v2 | v3 | v4 | v5 | v6 | v7) === 0) {
      const level = flatLevel(v0);
      for (let i = o; i < o + 8; i++) out[i] = level;
      continue;
    }
    const turn = Math.imul((v2 + v6) | 0, c0541);
    const even2 = (turn - Math.imul(v6, c1847)) | 0;
    const even3 = (turn + Math.imul(v2, c0765)) | 0;
    const even0 = ((((v0 + v4) | 0) << fractionBits) + secondHalf) | 0;
    const even1 = ((((v0 - v4) | 0) << fractionBits) + secondHalf) | 0;
    const a0 = (even0 + even3) | 0;
    const a3 = (even0 - even3) | 0;
    const a1 = (even1 + even2) | 0;
    const a2 = (even1 - even2) | 0;
    const s1 = Math.imul((v7 + v1) | 0, -c0899);
    const s2 = Math.imul((v5 + v3) | 0, -c2562);
    const all = Math.imul((((v7 + v3) | 0) + ((v5 + v1) | 0)) | 0, c1175);
    const s3 = (all - Math.imul((v7 + v3) | 0, c1961)) | 0;
    const s4 = (all - Math.imul((v5 + v1) | 0, c0390)) | 0;
    const b0 = (((Math.imul(v7, c0298) + s1) | 0) + s3) | 0;
    const b1 = (((Math.imul(v5, c2053) + s2) | 0) + s4) | 0;
    const b2 = (((Math.imul(v3, c3072) + s2) | 0) + s3) | 0;
    const b3 = (((Math.imul(v1, c1501) + s1) | 0) + s4) | 0;
    out[o] = (((a0 + b3) | 0) >> secondShift) + middle;
    out[o + 7] = (((a0 - b3) | 0) >> secondShift) + middle;
    out[o + 1] = (((a1 + b2) | 0) >> secondShift) + middle;
    out[o + 6] = (((a1 - b2) | 0) >> secondShift) + middle;
    out[o + 2] = (((a2 + b1) | 0) >> secondShift) + middle;
    out[o + 5] = (((a2 - b1) | 0) >> secondShift) + middle;
    out[o + 3] = (((a3 + b0) | 0) >> secondShift) + middle;
    out[o + 4] = (((a3 - b0) | 0) >> secondShift) + middle;
  }
}

/**
 * Writes the samples of a block of which only the first coefficient is not 0: all the same.
 *
 * @param coefficient - the first coefficient
 * @param quant - quantization steps
 * @param plane - the samples, also as words of four
 * @param to - index of the first sample, divisible by 8
 */
export function flatBlock(
  coefficient: number,
  quant: Uint16Array,
  plane: { readonly words: Uint32Array; readonly paddedWide: number },
  to: number,
): void {
  const { words, paddedWide } = plane;
  const level = flatLevel(Math.imul(coefficient, quant[0]) << firstPassBits);
  const word = Math.imul(level < 0 ? 0 : Math.min(level, 255), 0x01010101);
  const step = paddedWide * 2;
  for (let y = 0, i = to >> 2; y < 8; y++, i += step) {
    words[i] = word;
    words[i + 1] = word;
  }
}

/** The level of samples that are all the same, from what the first pass made of the first coefficient. */
function flatLevel(value: number): number {
  return ((value + (1 << (firstPassBits + 2))) >> (firstPassBits + 3)) + middle;
}
