/**
 * The k-th smallest of some numbers, by quickselect; reorders them.
 *
 * @param values - numbers without NaN; the first `count` are looked at and come out in another order
 * @param count - how many there are
 * @param k - which one, from 1 (the smallest) to count
 * @returns the k-th smallest
 */
export function kthSmallest(values: Float64Array, count: number, k: number): number {
  let low = 0;
  let high = count - 1;
  const target = k - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low], values[(low + high) >> 1], values[high]);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const kept = values[i];
        values[i++] = values[j];
        values[j--] = kept;
      }
    }
    if (target <= j) high = j;
    else if (target >= i) low = i;
    else break;
  }
  return values[target];
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/**
 * The k-th smallest of some numbers, for a small k.
 *
 * @param values - numbers without NaN
 * @param count - how many there are
 * @param k - which one, from 1 (the smallest) to count
 * @returns the k-th smallest
 */
export function smallestOf(values: ArrayLike<number>, count: number, k: number): number {
  const kept: number[] = [];
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (kept.length === k && value >= kept[k - 1]) continue;
    if (kept.length === k) kept.pop();
    let j = kept.length;
    while (j > 0 && kept[j - 1] > value) j--;
    kept.splice(j, 0, value);
  }
  return kept[k - 1];
}

const shortRun = 16;

/**
 * The order of rows by distance, ascending; equally far ones by lower index. Merge sort of short runs.
 *
 * @param distances - their distances, without NaN
 * @param rows - their indices, each once
 * @param count - how many there are
 * @returns Int32Array: the positions from 0 to `count` - 1, ordered
 */
export function nearestOrder(distances: Float64Array, rows: Int32Array, count: number): Int32Array {
  let order = new Int32Array(count);
  for (let from = 0; from < count; from += shortRun) {
    const end = Math.min(count, from + shortRun);
    for (let i = from; i < end; i++) {
      let j = i;
      for (; j > from && isNearer(distances, rows, i, order[j - 1]); j--) order[j] = order[j - 1];
      order[j] = i;
    }
  }
  let merged = new Int32Array(count);
  for (let size = shortRun; size < count; size *= 2) {
    for (let from = 0; from < count; from += 2 * size) {
      const [middle, end] = [Math.min(count, from + size), Math.min(count, from + 2 * size)];
      for (let i = from, j = middle, at = from; at < end; at++) {
        const isSecond = i === middle || (j < end && isNearer(distances, rows, order[j], order[i]));
        merged[at] = isSecond ? order[j++] : order[i++];
      }
    }
    [order, merged] = [merged, order];
  }
  return order;
}

function isNearer(distances: Float64Array, rows: Int32Array, a: number, b: number): boolean {
  return distances[a] < distances[b] || (distances[a] === distances[b] && rows[a] < rows[b]);
}
