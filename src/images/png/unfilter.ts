import { refuse } from "../limits.js";

/**
 * Undoes the filters of PNG rows in place (ISO 15948, clause 9).
 *
 * @param data - rows, each after a byte that names its filter
 * @param start - index of the first row's filter byte
 * @param rows - how many rows
 * @param rowBytes - bytes in a row without the filter byte
 * @param pixelBytes - bytes from a pixel to the next, at least 1
 * @throws Error for an unknown filter
 */
export function unfilter(
  data: Uint8Array,
  start: number,
  rows: number,
  rowBytes: number,
  pixelBytes: number,
): void {
  let above: Uint8Array = new Uint8Array(rowBytes);
  for (let y = 0; y < rows; y++) {
    const at = start + y * (rowBytes + 1);
    const row = data.subarray(at + 1, at + 1 + rowBytes);
    const filter = data[at];
    if (filter === 1) addLeft(row, pixelBytes);
    else if (filter === 2) addAbove(row, above);
    else if (filter === 3) addMean(row, above, pixelBytes);
    else if (filter === 4) addPaeth(row, above, pixelBytes);
    else if (filter !== 0) refuse("it is damaged: a row has an unknown filter");
    above = row;
  }
}

function addLeft(row: Uint8Array, step: number): void {
  for (let i = step; i < row.length; i++) row[i] += row[i - step];
}

function addAbove(row: Uint8Array, above: Uint8Array): void {
  for (let i = 0; i < row.length; i++) row[i] += above[i];
}

function addMean(row: Uint8Array, above: Uint8Array, step: number): void {
  for (let i = 0; i < row.length; i++) {
    const left = i < step ? 0 : row[i - step];
    row[i] += (left + above[i]) >> 1;
  }
}

function addPaeth(row: Uint8Array, above: Uint8Array, step: number): void {
  for (let i = 0; i < Math.min(step, row.length); i++) row[i] += above[i];
  for (let i = step; i < row.length; i++) {
    const left = row[i - step];
    const up = above[i];
    const corner = above[i - step];
    const toLeft = Math.abs(up - corner);
    const toUp = Math.abs(left - corner);
    const toCorner = Math.abs(left + up - 2 * corner);
    row[i] += toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
  }
}
