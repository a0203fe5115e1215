import { checkOptions, integerIn } from "../core/options.js";
import type { NeighborTable } from "../neighbors/neighbor-table.js";

/** How often each training image is a neighbor. */
export interface NeighborCounts {
  /** Int32Array: for each training image how many images have it among their k nearest. */
  readonly counts: Int32Array;
  /** Rows of the training images that are neighbors far more often than expected, most often first. */
  readonly hubs: Int32Array;
  /** Rows of the training images that are nobody's neighbor, ascending. */
  readonly orphans: Int32Array;
  /** Skewness of the counts: near 0 where all serve alike, above 1 where a few serve most. */
  readonly skewness: number;
}

/**
 * Finds hubs and orphans of a training set. A hub that is itself odd hides anomalies near it; an orphan adds nothing.
 *
 * @param table - neighbors of training images among themselves (self-excluded), or of test images
 * @param options - `k`: neighbors to count, default the table's; `hub`: how many times the mean count makes a hub, default 5
 * @returns counts, hubs, orphans and skewness
 * @throws RangeError when k exceeds the table's or `hub` is not above 1
 * @see Radovanovic, Nanopoulos and Ivanovic 2010
 */
export function neighborCounts(
  table: NeighborTable,
  options: { readonly k?: number; readonly hub?: number } = {},
): NeighborCounts {
  checkOptions("neighborCounts", options, ["k", "hub"]);
  const { k = table.kMax, hub = 5 } = options;
  integerIn("k", k, 1, table.kMax, "neighbors in the table");
  if (!(hub > 1)) throw new RangeError(`hub must be above 1, for example 5; got ${hub}`);
  const counts = new Int32Array(table.trainIds.length);
  for (let i = 0; i < table.n; i++) {
    for (let j = 0; j < k; j++) counts[table.indices[i * table.kMax + j]]++;
  }
  const mean = (table.n * k) / counts.length;
  const rows = Int32Array.from(counts.keys());
  const moment = (power: number) =>
    counts.reduce((sum, count) => sum + (count - mean) ** power, 0) / counts.length;
  const variance = moment(2);
  return {
    counts,
    hubs: rows.filter((row) => counts[row] >= hub * mean).sort((a, b) => counts[b] - counts[a] || a - b),
    orphans: rows.filter((row) => counts[row] === 0),
    skewness: variance > 0 ? moment(3) / variance ** 1.5 : 0,
  };
}
