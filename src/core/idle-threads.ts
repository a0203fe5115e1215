/** A thread that can be used again. */
export interface ReusableThread {
  /** Whether it has failed and cannot be used any more. */
  readonly isBroken: boolean;
  /** Ends it. */
  stop(): Promise<void>;
}

const mostThreads = 8;
const idleMs = 20_000;

/** Threads that have worked and wait for more: for a while, as starting one takes longer than a small piece of work. */
export class IdleThreads<T extends ReusableThread> {
  readonly #start: () => T;
  #idle: T[] = [];
  #stopping: NodeJS.Timeout | undefined;

  /** @param start - starts a thread */
  constructor(start: () => T) {
    this.#start = start;
  }

  /** Whether any thread waits. */
  get isAny(): boolean {
    return this.#idle.some(({ isBroken }) => !isBroken);
  }

  /**
   * @param count - how many threads
   * @returns threads that waited, and new ones where those do not suffice
   */
  take(count: number): T[] {
    clearTimeout(this.#stopping);
    const ready = this.#idle.filter(({ isBroken }) => !isBroken);
    const threads = Array.from({ length: count }, () => ready.pop() ?? this.#start());
    this.#idle = ready;
    return threads;
  }

  /**
   * Keeps threads for 20 seconds; more than eight in all are stopped.
   *
   * @param threads - threads that have nothing to do
   */
  giveBack(threads: readonly T[]): void {
    this.#idle.push(...threads);
    for (const thread of this.#idle.splice(mostThreads)) void thread.stop();
    clearTimeout(this.#stopping);
    this.#stopping = setTimeout(() => {
      for (const thread of this.#idle.splice(0)) void thread.stop();
    }, idleMs);
    this.#stopping.unref();
  }
}
