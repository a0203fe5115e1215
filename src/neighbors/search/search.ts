import { integerIn, oneOf } from "../../core/options.js";
import { checkInterrupted, ProgressMeter } from "../../core/progress.js";
import type { MatrixBackend } from "../../engines/index.js";
import type { Features } from "../../extractors/features.js";
import { NeighborTable } from "../neighbor-table.js";
import { BatchSearch, type SearchMethod, searchMethods } from "./batch-search.js";
import type { TrainRows } from "./train-rows.js";

export type { SearchMethod };

const bytesPerNeighbor = 12;

/** Training rows to search, and what tables say of them. */
export interface SearchTarget {
  /** The training rows. */
  readonly train: TrainRows;
  /** Their identifiers. */
  readonly ids: readonly string[];
  /** Neighbors to keep an image. */
  readonly kMax: number;
  /** Finds for each query the training row that is the same image, or -1. */
  self(): Int32Array;
}

/** What searches of several targets share. */
export interface TogetherOptions {
  /** How to compare, default "auto". */
  readonly method?: SearchMethod;
  /** What multiplies, default chosen by size. */
  readonly matrix?: MatrixBackend;
  /** A point in the middle of the training rows. */
  middle(): Float64Array;
  /** Finds the magnitude of the largest number in the training rows. */
  largest(): number;
  /** Whether no progress is shown. */
  readonly quiet?: boolean;
  /** Aborts between blocks. */
  readonly signal?: AbortSignal;
}

/**
 * Searches several sets of training rows for the neighbors of the same queries, which are made ready once.
 *
 * @param targets - the training rows
 * @param queries - features of the images to search for, comparable with the training rows
 * @param options - method, what multiplies, abort signal
 * @returns a table for each target
 * @throws RangeError when there is no training row or kMax is out of range
 * @throws Aborted when interrupted
 */
export async function searchTogether(
  targets: readonly SearchTarget[],
  queries: Features,
  options: TogetherOptions,
): Promise<NeighborTable[]> {
  const method = oneOf("method", options.method ?? "auto", searchMethods);
  const asked = targets.map(({ train, kMax, self }) => {
    if (train.n === 0) throw new RangeError("a search needs at least one training image; got none");
    const own = self();
    checkNeighbors(kMax, train.n, own);
    const numbers = queries.n * kMax;
    return { self: own, distances: new Float64Array(numbers), indices: new Int32Array(numbers) };
  });
  const { quiet, signal } = options;
  checkInterrupted(signal);
  const meter = quiet
    ? ProgressMeter.silent(signal)
    : new ProgressMeter("finding neighbors", queries.n, "images", signal);
  const trains = targets.map(({ train }) => train);
  const batches = new BatchSearch(trains, queries.n, { ...options, meter });
  const step = batchRows(targets);
  try {
    for (let from = 0; from < queries.n; from += step) {
      const to = Math.min(queries.n, from + step);
      const { d, data } = queries;
      const batch = { queries: data.subarray(from * d, to * d), m: to - from, middle: options.middle() };
      for (const [i, { kMax: k }] of targets.entries()) {
        const { self, distances, indices } = asked[i];
        for (const part of await batches.run(batch, i, { k, self: self.subarray(from, to) }, method)) {
          distances.set(part.distances, (from + part.first) * k);
          indices.set(part.indices, (from + part.first) * k);
        }
      }
    }
  } finally {
    await batches.close();
    meter.close();
  }
  return targets.map(({ kMax, ids }, i) => {
    const { distances, indices } = asked[i];
    return new NeighborTable({ kMax, distances, indices, queryIds: queries.ids, trainIds: ids });
  });
}

/** How many queries are searched for at a time, for want of memory. */
function batchRows(targets: readonly SearchTarget[]): number {
  const rows = targets.map(({ train: { d, blockBytes }, kMax }) => {
    return blockBytes / (4 * d + bytesPerNeighbor * kMax);
  });
  return Math.max(1, Math.floor(Math.min(...rows)));
}

function checkNeighbors(kMax: number, n: number, self: Int32Array): void {
  const others = self.some((row) => row >= 0);
  const available = others ? n - 1 : n;
  if (available === 0) {
    throw new RangeError("an image that is the only training image has no neighbor; add training images");
  }
  const meaning = others ? "training images other than the image itself" : "training images";
  integerIn("k", kMax, 1, available, meaning);
}
