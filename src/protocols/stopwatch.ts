/** Adds up the seconds that the stages of a run take. */
export class Stopwatch {
  readonly #seconds: Record<string, number> = {};

  /** Seconds of each stage so far, to milliseconds. */
  get seconds(): Readonly<Record<string, number>> {
    return { ...this.#seconds };
  }

  /**
   * @param stage - name of the stage; a stage may come several times
   * @param work - what to do
   * @returns what the work gives
   */
  async time<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    const taken = (performance.now() - start) / 1000;
    this.#seconds[stage] = Math.round(1000 * ((this.#seconds[stage] ?? 0) + taken)) / 1000;
    return result;
  }
}
