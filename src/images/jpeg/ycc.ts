const fractionBits = 16;

function fixed(value: number): number {
  return Math.trunc(value * (1 << fractionBits) + 0.5);
}

const redPerCr = fixed(1.402);
const greenPerCr = fixed(0.71414);
const greenPerCb = fixed(0.34414);
const bluePerCb = fixed(1.772);
/** Half a level, less what a chroma value of 128 gives, which stands for none. */
const half = 1 << (fractionBits - 1);
const redOffset = half - 128 * redPerCr;
const greenOffset = half + 128 * (greenPerCr + greenPerCb);
const blueOffset = half - 128 * bluePerCb;

/** The factors and offsets, with 16 fraction bits. */
export const coefficients = {
  redPerCr,
  greenPerCr,
  greenPerCb,
  bluePerCb,
  redOffset,
  greenOffset,
  blueOffset,
} as const;

/**
 * @param cr - second chroma value, 0 to 255
 * @returns what it adds to the luma to give red, as libjpeg rounds it
 */
export function redOf(cr: number): number {
  return (Math.imul(cr, redPerCr) + redOffset) >> fractionBits;
}

/**
 * @param cb - first chroma value, 0 to 255
 * @param cr - second chroma value, 0 to 255
 * @returns what they add to the luma to give green
 */
export function greenOf(cb: number, cr: number): number {
  return (greenOffset - Math.imul(cb, greenPerCb) - Math.imul(cr, greenPerCr)) >> fractionBits;
}

/**
 * @param cb - first chroma value, 0 to 255
 * @returns what it adds to the luma to give blue
 */
export function blueOf(cb: number): number {
  return (Math.imul(cb, bluePerCb) + blueOffset) >> fractionBits;
}
