import { integerIn, oneOf } from "../../core/options.js";
import { ProgressMeter } from "../../core/progress.js";
import { loadMatrixBackend, type MatrixBackend } from "../../engines/index.js";
import { javascriptBytes } from "../../engines/javascript-bytes.js";
import type { Features } from "../../extractors/features.js";
import { NeighborTable } from "../neighbor-table.js";
import { byteCapacity, bytePass } from "./byte-pass.js";
import { bytesPerCandidate, type CandidateLists } from "./candidates.js";
import { middleOf } from "./centered-rows.js";
import { DirectPass } from "./direct-pass.js";
import { floatPass } from "./float-pass.js";
import type { SearchJob } from "./job.js";
import { keepNearest } from "./keep-nearest.js";
import type { TrainRows } from "./train-rows.js";

/** Names of the ways to find neighbors. */
export const searchMethods = ["auto", "full", "pruned"] as const;

/** How neighbors are found: "auto", "full" or "pruned". */
export type SearchMethod = (typeof searchMethods)[number];

const candidateBytes = 64 * 1024 * 1024;
const worthPruning = 2e9;
const mostByteDimensions = 65_536;

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
   * @param options - `self`: finds for each query the training row that is the same image, or -1; method; abort signal
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
    const matrix = this.#matrix ?? (await loadMatrixBackend(n * queries.n * d));
    this.#middle ??= middleOf(this.#train);
    const meter = new ProgressMeter("finding neighbors", queries.n, "images", options.signal);
    const held = bytesPerCandidate * byteCapacity(n, kMax);
    const room = Math.min(candidateBytes, blockBytes);
    const step = Math.max(1, Math.min(Math.floor(room / held), Math.floor(blockBytes / (4 * d))));
    try {
      for (let from = 0; from < queries.n; from += step) {
        const to = Math.min(queries.n, from + step);
        const job: SearchJob = {
          train: this.#train,
          queries: queries.data.subarray(from * d, to * d),
          m: to - from,
          k: kMax,
          self: self.subarray(from, to),
          matrix,
          meter,
          middle: this.#middle,
        };
        const lists = await this.#candidates(job, method, queries.n);
        const pass = new DirectPass(d, job.m, blockBytes);
        for (let query = 0; query < job.m; query += pass.capacity) {
          const end = Math.min(job.m, query + pass.capacity);
          const near = lists.nearest(query, end);
          const nearFound = pass.compute(this.#train, job.queries, query, near);
          const rest = lists.others(query, end, nearFound);
          const restFound = pass.compute(this.#train, job.queries, query, rest);
          const at = (from + query) * kMax;
          keepNearest([near, rest], [nearFound, restFound], {
            k: kMax,
            distances: distances.subarray(at, at + (end - query) * kMax),
            indices: indices.subarray(at, at + (end - query) * kMax),
          });
          await meter.add(0);
        }
      }
    } finally {
      meter.close();
    }
    return new NeighborTable({ kMax, distances, indices, queryIds: queries.ids, trainIds: this.#ids });
  }

  async #candidates(job: SearchJob, method: SearchMethod, m: number): Promise<CandidateLists> {
    const { n, d } = this.#train;
    if (method !== "full" && d <= mostByteDimensions && (method === "pruned" || n * m * d >= worthPruning)) {
      const bytes = (await job.matrix.bytes?.()) ?? (method === "pruned" ? javascriptBytes : undefined);
      const lists = bytes && (await bytePass(job, bytes, method === "auto"));
      if (lists) return lists;
    }
    this.#magnitude ??= this.#largest();
    return floatPass(job, this.#magnitude);
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
