import { integerIn } from "../core/options.js";

/** Sizes that are tried, each twice: the first run of a size makes the engine's memory ready for it. */
const tried = [8, 16, 32] as const;
/** A larger batch must be faster by this factor, as it needs more memory. */
const worth = 1.03;

/**
 * How many images a batch has: as asked for, or what was fastest on the first batches. These are batches like any other, so that
 * finding out costs nothing; features do not depend on the size.
 */
export class BatchSize {
  #runs = 0;
  #chosen: number | undefined;
  readonly #msPerImage: number[] = [];

  /**
   * @param asked - the size asked for
   * @throws RangeError when it is no whole number from 1 to 4096
   */
  constructor(asked?: number) {
    if (asked !== undefined) this.#chosen = integerIn("batchSize", asked, 1, 4096);
  }

  /** Size of the next batch. */
  get now(): number {
    return this.#chosen ?? tried[this.#runs >> 1];
  }

  /** Whether sizes are still tried; batches are not to overlap meanwhile. */
  get isMeasuring(): boolean {
    return this.#chosen === undefined;
  }

  /**
   * Takes the time of a run.
   *
   * @param count - images in it; one that is not full tells nothing
   * @param running - the run, just started
   */
  async measure(count: number, running: Promise<unknown>): Promise<void> {
    const size = this.now;
    const began = performance.now();
    await running;
    if (count < size) return;
    if (this.#runs % 2 === 1) this.#msPerImage.push((performance.now() - began) / count);
    this.#runs++;
    if (this.#msPerImage.length === tried.length) this.#chosen = fastest(this.#msPerImage);
  }
}

function fastest(msPerImage: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < tried.length; i++) if (msPerImage[best] > worth * msPerImage[i]) best = i;
  return tried[best];
}
