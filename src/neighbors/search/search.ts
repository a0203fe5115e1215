import { integerIn, oneOf } from "../../core/options.js";
import { ProgressMeter } from "../../core/progress.js";
import type { MatrixBackend } from "../../engines/index.js";
import type { Features } from "../../extractors/features.js";
import { NeighborTable } from "../neighbor-table.js";
import { BatchSearch, type SearchMethod, searchMethods } from "./batch-search.js";
import { byteCapacity } from "./byte-comparison.js";
import { bytesPerCandidate } from "./candidates.js";
import { middleOf } from "./centered-rows.js";
import type { TrainRows } from "./train-rows.js";

export type { SearchMethod };

const candidateBytes = 128 * 1024 * 1024;

/** The exact search that indexes in memory and in files share. */
export class Search {
  readonly #train: TrainRows;
  readonly #ids: readonly string[];
  readonly #matrix: MatrixBackend | undefined;
  readonly #largest: () => number;
  #middle: Float64Array | undefined;
  #magnitude: number | undefined;

  /**
   * @param train - the training rows
   * @param ids - their identifiers
   * @param tools - `matrix`: what multiplies, default chosen by size; `largest`: finds the magnitude of the largest number
   * in the training rows
   */
  constructor(
    train: TrainRows,
    ids: readonly string[],
    tools: { readonly matrix?: MatrixBackend; readonly largest: () => number },
  ) {
    this.#train = train;
    this.#ids = ids;
    this.#matrix = tools.matrix;
    this.#largest = tools.largest;
  }

  /**
   * @param queries - features of the images to search for, comparable with the training rows
   * @param kMax - neighbors to keep an image
   * @param options - `self`: finds for each query the training row that is the same image, or -1; method; `quiet`: whether no
   * progress is shown; abort signal
   * @returns the table
   * @throws RangeError when there is no training row or kMax is out of range
   * @throws Aborted when interrupted
   */
  async run(
    queries: Features,
    kMax: number,
    options: {
      readonly self: () => Int32Array;
      readonly method?: SearchMethod;
      readonly quiet?: boolean;
      readonly signal?: AbortSignal;
    },
  ): Promise<NeighborTable> {
    const { n, d, blockBytes } = this.#train;
    const method = oneOf("method", options.method ?? "auto", searchMethods);
    if (n === 0) throw new RangeError("a search needs at least one training image; got none");
    const self = options.self();
    checkNeighbors(kMax, n, self);
    const distances = new Float64Array(queries.n * kMax);
    const indices = new Int32Array(queries.n * kMax);
    this.#middle ??= middleOf(this.#train);
    const { quiet, signal } = options;
    const meter = quiet
      ? ProgressMeter.silent(signal)
      : new ProgressMeter("finding neighbors", queries.n, "images", signal);
    const held = bytesPerCandidate * byteCapacity(n, kMax);
    const room = Math.min(candidateBytes, blockBytes);
    const step = Math.max(1, Math.min(Math.floor(room / held), Math.floor(blockBytes / (4 * d))));
    const batches = new BatchSearch(this.#train, {
      matrix: this.#matrix,
      largest: () => this.#largestNumber(),
      meter,
    });
    try {
      for (let from = 0; from < queries.n; from += step) {
        const to = Math.min(queries.n, from + step);
        const found = await batches.run(
          {
            queries: queries.data.subarray(from * d, to * d),
            m: to - from,
            k: kMax,
            self: self.subarray(from, to),
            middle: this.#middle,
          },
          method,
          queries.n,
        );
        for (const part of found) {
          distances.set(part.distances, part.first * kMax + from * kMax);
          indices.set(part.indices, part.first * kMax + from * kMax);
        }
      }
    } finally {
      await batches.close();
      meter.close();
    }
    return new NeighborTable({ kMax, distances, indices, queryIds: queries.ids, trainIds: this.#ids });
  }

  #largestNumber(): number {
    this.#magnitude ??= this.#largest();
    return this.#magnitude;
  }
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
