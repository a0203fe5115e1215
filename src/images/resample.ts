import { type Taps, weightBits } from "./coefficients.js";

/** Part of an image between two passes: where its first pixel lies in the whole. */
export interface Strip {
  /** Uint8Array, rows of `rowLength` bytes, channels interleaved. */
  readonly data: Uint8Array;
  /** Bytes in a row. */
  readonly rowLength: number;
  /** Column of the first pixel. */
  readonly left: number;
  /** Row of the first pixel. */
  readonly top: number;
}

/** Half a grey level before the fraction bits are cut off. */
const half = 1 << (weightBits - 1);

function clamp(value: number): number {
  return value < 0 ? 0 : Math.min(value, 255);
}

/**
 * Resamples within rows.
 *
 * @param source - covers every column the taps read
 * @param taps - one set of weights per column of the result
 * @param span - first row wanted and the row after the last
 * @param channels - 1 or 3
 * @returns the rows of the span
 */
export function alongRows(
  source: Strip,
  taps: Taps,
  [start, end]: readonly [number, number],
  channels: 1 | 3,
): Strip {
  const rowLength = taps.first.length * channels;
  const data = new Uint8Array((end - start) * rowLength);
  const resampleRow = channels === 1 ? greyRow : colorRow;
  for (let y = start; y < end; y++) {
    const from = (y - source.top) * source.rowLength - source.left * channels;
    resampleRow(source.data, from, data, (y - start) * rowLength, taps);
  }
  return { data, rowLength, left: 0, top: start };
}

function greyRow(data: Uint8Array, row: number, out: Uint8Array, to: number, taps: Taps): void {
  const { first, count, weights, stride } = taps;
  for (let x = 0; x < first.length; x++) {
    const end = x * stride + count[x];
    let from = row + first[x];
    let sum = half;
    for (let k = x * stride; k < end; k++) sum = (sum + Math.imul(data[from++], weights[k])) | 0;
    out[to + x] = clamp(sum >> weightBits);
  }
}

function colorRow(data: Uint8Array, row: number, out: Uint8Array, start: number, taps: Taps): void {
  const { first, count, weights, stride } = taps;
  let to = start;
  for (let x = 0; x < first.length; x++, to += 3) {
    const end = x * stride + count[x];
    let from = row + first[x] * 3;
    let red = half;
    let green = half;
    let blue = half;
    for (let k = x * stride; k < end; k++, from += 3) {
      const weight = weights[k];
      red = (red + Math.imul(data[from], weight)) | 0;
      green = (green + Math.imul(data[from + 1], weight)) | 0;
      blue = (blue + Math.imul(data[from + 2], weight)) | 0;
    }
    out[to] = clamp(red >> weightBits);
    out[to + 1] = clamp(green >> weightBits);
    out[to + 2] = clamp(blue >> weightBits);
  }
}

/**
 * Resamples within columns.
 *
 * @param source - covers every row the taps read
 * @param taps - one set of weights per row of the result
 * @param span - first column wanted and the column after the last
 * @param channels - 1 or 3
 * @returns the columns of the span
 */
export function alongColumns(
  source: Strip,
  taps: Taps,
  [start, end]: readonly [number, number],
  channels: 1 | 3,
): Strip {
  const { first, count, weights, stride } = taps;
  const rowLength = (end - start) * channels;
  const data = new Uint8Array(first.length * rowLength);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < first.length; y++) {
    const from = (first[y] - source.top) * source.rowLength + (start - source.left) * channels;
    const w = y * stride;
    const row = data.subarray(y * rowLength, (y + 1) * rowLength);
    if (count[y] === 1 && weights[w] === 1 << weightBits) {
      row.set(source.data.subarray(from, from + rowLength));
    } else if (count[y] === 2) {
      blend(source, from, row, weights[w], weights[w + 1]);
    } else {
      sums.fill(half);
      for (let k = 0; k < count[y]; k++)
        addRow(sums, source.data, from + k * source.rowLength, weights[w + k]);
      for (let x = 0; x < rowLength; x++) row[x] = clamp(sums[x] >> weightBits);
    }
  }
  return { data, rowLength, left: start, top: 0 };
}

function blend(source: Strip, from: number, row: Uint8Array, upper: number, lower: number): void {
  const { data, rowLength } = source;
  for (let x = 0, i = from, j = from + rowLength; x < row.length; x++, i++, j++) {
    row[x] = clamp((half + Math.imul(data[i], upper) + Math.imul(data[j], lower)) >> weightBits);
  }
}

function addRow(sums: Int32Array, data: Uint8Array, from: number, weight: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] += Math.imul(data[from + x], weight);
}
