import { checkOptions } from "../core/options.js";
import { type Features, requireComparable } from "../extractors/features.js";
import type { SearchOptions } from "./neighbor-index.js";
import type { NeighborTable } from "./neighbor-table.js";
import { largestMagnitude, middleOf } from "./search/centered-rows.js";
import { type SearchTarget, searchTogether } from "./search/search.js";
import { selfRows } from "./search/self-rows.js";
import { rowsInMemory, someRowsInMemory } from "./search/train-rows.js";

/**
 * The nearest training images of each query among each of several parts of the training images, such as its classes: the
 * tables that an index of each part gives, in less time, as the queries are made ready once.
 *
 * @param train - features of the training images
 * @param parts - rows of the training features, each list without repetition
 * @param queries - features of the images to search for, made like the training features
 * @param kMax - neighbors to keep an image; fewer where a part has fewer rows
 * @param options - self-exclusion, method, abort signal
 * @returns a table for each part, whose indices are positions in the part
 * @throws RangeError when kMax is out of range, a part is empty, or the features are not comparable
 * @throws Aborted when interrupted
 */
export async function searchParts(
  train: Features,
  parts: readonly (readonly number[])[],
  queries: Features,
  kMax: number,
  options: SearchOptions = {},
): Promise<NeighborTable[]> {
  checkOptions("searchParts", options, ["excludeSelf", "method", "quiet", "signal"]);
  requireComparable(train, queries, "the training features", "the queries");
  const { n, d, data, ids } = train;
  const targets = parts.map((rows): SearchTarget => {
    const own = rows.map((row) => ids[row]);
    const part = { ids: own, row: (i: number) => train.row(rows[i]) };
    return {
      train: someRowsInMemory(data, rows, d),
      ids: own,
      kMax: Math.min(kMax, rows.length),
      self: () => selfRows(part, queries, options.excludeSelf),
    };
  });
  if (targets.length === 0) return [];
  const middle = middleOf(rowsInMemory(data, n, d));
  return searchTogether(targets, queries, {
    ...{ method: options.method, quiet: options.quiet, signal: options.signal },
    middle: () => middle,
    largest: () => largestMagnitude(data),
  });
}
