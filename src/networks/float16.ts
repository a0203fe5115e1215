const scratch = new Float32Array(1);
const bits = new Uint32Array(scratch.buffer);

/**
 * The nearest half-precision number (IEEE 754 binary16), ties to even.
 *
 * @param value - any number
 * @returns its 16 bits; beyond 65519 infinity, NaN stays NaN
 */
export function toFloat16(value: number): number {
  scratch[0] = value;
  const x = bits[0];
  const sign = (x >>> 16) & 0x8000;
  const magnitude = x & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000)
    return sign | roundHalfEven((magnitude === 0 ? 0 : Math.abs(scratch[0])) * 2 ** 24);
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}

/**
 * Widens half precision to single precision; exact.
 *
 * @param halves - Uint16Array of IEEE 754 binary16 numbers
 * @returns Float32Array of equal length
 */
export function fromFloat16(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const h = halves[i];
    const exponent = (h >>> 10) & 0x1f;
    const fraction = h & 0x3ff;
    const magnitude =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction
            ? Number.NaN
            : Number.POSITIVE_INFINITY
          : (1024 + fraction) * 2 ** (exponent - 25);
    out[i] = h & 0x8000 ? -magnitude : magnitude;
  }
  return out;
}

/**
 * Widens bfloat16 to single precision; exact.
 *
 * @param halves - Uint16Array, each the upper half of a float32
 * @returns Float32Array of equal length
 */
export function fromBfloat16(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (h) => h << 16).buffer);
}

/**
 * @param values - any numbers
 * @returns Float32Array of the nearest half-precision numbers
 */
export function roundToFloat16(values: Float32Array): Float32Array {
  return fromFloat16(Uint16Array.from(values, toFloat16));
}
