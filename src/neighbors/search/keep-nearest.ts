import type { Pairs } from "./direct-pairs.js";
import { stableOrder } from "./select.js";

/**
 * Sorts what was found for each query by distance, then by lower row, and keeps the first k.
 *
 * @param pairs - pairs of the same queries, those of a query in order of their row in each
 * @param found - the squared distance of each pair
 * @param table - where to: k distances and rows for each query
 */
export function keepNearest(
  pairs: readonly Pairs[],
  found: readonly Float64Array[],
  { k, distances, indices }: { k: number; distances: Float64Array; indices: Int32Array },
): void {
  const queries = pairs[0].starts.length - 1;
  for (let query = 0; query < queries; query++) {
    const all = merged(pairs, found, query);
    const order = stableOrder(all.distances, 0, all.rows.length);
    for (let j = 0, at = query * k; j < k; j++, at++) {
      distances[at] = all.distances[order[j]];
      indices[at] = all.rows[order[j]];
    }
  }
}

/** The pairs of a query in order of their row, without those given up as too far. */
function merged(pairs: readonly Pairs[], found: readonly Float64Array[], query: number) {
  const [a, b] = pairs.map(({ starts, rows }) => rows.subarray(starts[query], starts[query + 1]));
  const [x, y] = pairs.map(({ starts }, i) => found[i].subarray(starts[query], starts[query + 1]));
  const near = y.reduce((count, distance) => count + (distance < Number.POSITIVE_INFINITY ? 1 : 0), 0);
  if (near === 0) return { rows: a, distances: x };
  const rows = new Int32Array(a.length + near);
  const distances = new Float64Array(rows.length);
  for (let i = 0, j = 0, at = 0; at < rows.length; ) {
    const first = j >= b.length || (i < a.length && a[i] < b[j]);
    if (first || y[j] < Number.POSITIVE_INFINITY) {
      rows[at] = first ? a[i] : b[j];
      distances[at++] = first ? x[i] : y[j];
    }
    if (first) i++;
    else j++;
  }
  return { rows, distances };
}
