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

const shortRun = 200;

/**
 * The order of some numbers, ascending; equal ones stay in order.
 *
 * @param values - numbers without NaN
 * @param from - first position
 * @param to - position after the last
 * @returns Int32Array: the positions from `from` to `to` - 1, ordered by value
 */
export function stableOrder(values: Float64Array, from: number, to: number): Int32Array {
  const order = new Int32Array(to - from);
  for (let i = 0; i < order.length; i++) order[i] = from + i;
  if (order.length > shortRun) return order.sort((a, b) => values[a] - values[b] || a - b);
  for (let i = 1; i < order.length; i++) {
    const value = values[from + i];
    let j = i;
    while (j > 0 && values[order[j - 1]] > value) {
      order[j] = order[j - 1];
      j--;
    }
    order[j] = from + i;
  }
  return order;
}
