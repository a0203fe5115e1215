import type { MatrixBackend } from "../../engines/index.js";
import type { Features } from "../../extractors/features.js";
import type { NeighborTable } from "../neighbor-table.js";
import { middleOf } from "./centered-rows.js";
import { type SearchMethod, searchTogether } from "./search.js";
import type { TrainRows } from "./train-rows.js";

/** The exact search that indexes in memory and in files share. */
export class SingleSearch {
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
    const { self, method, quiet, signal } = options;
    const target = { train: this.#train, ids: this.#ids, kMax, self };
    const [table] = await searchTogether([target], queries, {
      ...{ method, quiet, signal, matrix: this.#matrix },
      middle: () => {
        this.#middle ??= middleOf(this.#train);
        return this.#middle;
      },
      largest: () => {
        this.#magnitude ??= this.#largest();
        return this.#magnitude;
      },
    });
    return table;
  }
}
