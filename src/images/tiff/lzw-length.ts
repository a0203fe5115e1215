const clearCode = 256;
const endCode = 257;

/**
 * How many bytes LZW data of a TIFF expand to, found without expanding them (TIFF 6.0, section 13).
 *
 * @param data - a compressed strip or tile
 * @param limit - where to stop counting
 * @returns the bytes, or a number above the limit
 */
export function lzwLength(data: Uint8Array, limit: number): number {
  const lengths = new Int32Array(4097).fill(1, 0, 256);
  let next = 258;
  let width = 9;
  let previous = 0;
  let total = 0;
  let bits = 0;
  let count = 0;
  for (const byte of data) {
    bits = ((bits << 8) | byte) & 0xfffff;
    count += 8;
    if (count < width) continue;
    const code = (bits >> (count - width)) & ((1 << width) - 1);
    count -= width;
    if (code === endCode) break;
    if (code === clearCode) {
      next = 258;
      width = 9;
      previous = 0;
      continue;
    }
    const length = code < next ? lengths[code] : previous + 1;
    total += length;
    if (total > limit) break;
    if (previous > 0 && next < 4096) {
      lengths[next++] = previous + 1;
      if (next === (1 << width) - 1 && width < 12) width++;
    }
    previous = length;
  }
  return total;
}
