import { ProgressMeter } from "../../core/progress.js";
import type { Random } from "../../core/random.js";

/**
 * Chooses rows that leave no other row far from all chosen: each next one is the farthest from those chosen before, equally far
 * ones by lower index. The largest distance left is at most twice the smallest possible.
 *
 * @param rows - Float32Array, n x d row-major
 * @param d - numbers in a row
 * @param count - rows to choose, from 1 to n
 * @param options - `random` draws the first; `signal` aborts
 * @returns Int32Array: the rows chosen, in order of choice
 * @throws Aborted when interrupted
 * @see Gonzalez 1985, "Clustering to minimize the maximum intercluster distance"; Roth and others 2022, section 3.2
 */
export async function coreset(
  rows: Float32Array,
  d: number,
  count: number,
  options: { readonly random: Random; readonly signal?: AbortSignal },
): Promise<Int32Array> {
  const n = rows.length / d;
  const chosen = new Int32Array(count);
  const nearest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const meter = new ProgressMeter("choosing patches", count, "patches", options.signal);
  let next = options.random.integer(n);
  try {
    for (let i = 0; i < count; i++) {
      chosen[i] = next;
      nearest[next] = -1;
      const start = next * d;
      let farthest = -1;
      for (let row = 0; row < n; row++) {
        if (nearest[row] < 0) continue;
        let sum = 0;
        for (let a = start, b = row * d; a < start + d && sum < nearest[row]; a++, b++) {
          const difference = rows[a] - rows[b];
          sum += difference * difference;
        }
        if (sum < nearest[row]) nearest[row] = sum;
        if (nearest[row] > farthest) {
          farthest = nearest[row];
          next = row;
        }
      }
      await meter.add(1);
    }
  } finally {
    meter.close();
  }
  return chosen;
}
