import type { ProgressMeter } from "../../core/progress.js";
import type { MatrixBackend } from "../../engines/index.js";
import type { TrainRows } from "./train-rows.js";

/** What a pass over the training rows works on: some of the queries. */
export interface SearchJob {
  /** The training rows. */
  readonly train: TrainRows;
  /** Float32Array, m x d row-major: the queries. */
  readonly queries: Float32Array;
  /** Number of queries. */
  readonly m: number;
  /** Neighbors wanted. */
  readonly k: number;
  /** Int32Array: for each query the training row that is the same image and is passed over, or -1. */
  readonly self: Int32Array;
  /** What multiplies. */
  readonly matrix: MatrixBackend;
  /** Counts queries. */
  readonly meter: ProgressMeter;
  /** A point in the middle of the training rows. */
  readonly middle: Float64Array;
}

/** Tells a meter that counts queries how far a pass over blocks of training rows is. */
export class PassProgress {
  readonly #job: SearchJob;
  #counted = 0;

  /** @param job - the queries and training rows */
  constructor(job: SearchJob) {
    this.#job = job;
  }

  /**
   * @param rows - training rows that all queries have been compared with
   * @param queries - queries that have been compared with the block at hand
   * @param blockRows - training rows in that block
   */
  async done(rows: number, queries: number, blockRows: number): Promise<void> {
    const { m, train, meter } = this.#job;
    const compared = Math.floor((m * rows + queries * blockRows) / train.n);
    await meter.add(compared - this.#counted);
    this.#counted = compared;
  }
}
