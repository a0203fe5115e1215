const idleMs = 20_000;

/**
 * Memory that is kept for 20 seconds after its use, to be used again: getting it from the system takes part of the time of a
 * short piece of work.
 */
export class KeptMemory<T> {
  #kept: T | undefined;
  #freeing: NodeJS.Timeout | undefined;

  /**
   * @param fits - tells whether memory that is kept is of use
   * @returns that memory, which is not kept any more, or undefined
   */
  take(fits: (memory: T) => boolean): T | undefined {
    const memory = this.#kept;
    if (memory === undefined || !fits(memory)) return undefined;
    this.#kept = undefined;
    return memory;
  }

  /** @param memory - memory that is not used any more; kept in place of other */
  keep(memory: T): void {
    this.#kept = memory;
    clearTimeout(this.#freeing);
    this.#freeing = setTimeout(() => {
      this.#kept = undefined;
    }, idleMs);
    this.#freeing.unref();
  }
}
