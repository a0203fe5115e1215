import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { IdleThreads } from "../../core/idle-threads.js";
import { usefulThreads } from "../../engines/index.js";
import type { Report } from "./comparison.js";
import type { Crew, ShareMethod } from "./crew.js";
import type { ShareSearch } from "./share.js";
import type { ShareAnswer, ShareTask, ShareThreadData } from "./share-worker.js";

const program = new URL("./share-worker.js", import.meta.url);
const mostThreads = 8;
const pollMs = 50;

/** @returns how many threads a search may use: 1 where the package runs from its TypeScript sources */
export function searchThreads(): number {
  return existsSync(fileURLToPath(program)) ? Math.min(mostThreads, usefulThreads()) : 1;
}

class ShareThread {
  readonly #worker: Worker;
  readonly #interrupt = new Int32Array(new SharedArrayBuffer(4));
  readonly #pairs = new BigInt64Array(new SharedArrayBuffer(8));
  #settle: { resolve(result: unknown): void; reject(error: unknown): void } | undefined;
  #broken: unknown;

  constructor() {
    const workerData: ShareThreadData = { interrupt: this.#interrupt, pairs: this.#pairs };
    this.#worker = new Worker(program, { workerData });
    this.#worker.unref();
    this.#worker.on("message", (answer: ShareAnswer) => this.#answered(answer));
    this.#worker.on("error", (error) => this.#break(error));
    this.#worker.on("exit", () => this.#break(new Error("a thread that searches ended by itself")));
  }

  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  call(method: ShareMethod, args: readonly unknown[]): Promise<unknown> {
    if (this.isBroken) return Promise.reject(this.#broken);
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#worker.postMessage({ method, args } satisfies ShareTask);
    });
  }

  /** @returns how many pairs were compared since the last call */
  compared(): number {
    return Number(Atomics.exchange(this.#pairs, 0, 0n));
  }

  interrupt(on: boolean): void {
    Atomics.store(this.#interrupt, 0, on ? 1 : 0);
  }

  async stop(): Promise<void> {
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
  }

  #answered(answer: ShareAnswer): void {
    this.#worker.unref();
    if ("result" in answer) this.#settle?.resolve(answer.result);
    else this.#settle?.reject(answer.failure);
  }

  #break(error: unknown): void {
    this.#broken ??= error;
    this.#settle?.reject(this.#broken);
  }
}

const idle = new IdleThreads(() => new ShareThread());

/**
 * Threads that search; they are kept for a while afterwards, as starting them takes longer than a small search.
 *
 * @param size - how many
 * @param report - told of progress; when it throws, the threads are interrupted
 * @returns the crew
 */
export function crewOfThreads(size: number, report: Report): Crew {
  const threads = idle.take(size);
  const told = async () => {
    await report(threads.reduce((sum, thread) => sum + thread.compared(), 0));
  };
  return {
    size,
    start: (member, count) => Math.floor((member * count) / size),
    async each(method, args) {
      const settled = Promise.allSettled(threads.map((thread, i) => thread.call(method, args(i))));
      try {
        while (await isSlow(settled)) await told();
        await told();
      } catch (error) {
        for (const thread of threads) thread.interrupt(true);
        await settled;
        throw error;
      }
      return (await settled).map((one) => {
        if (one.status === "rejected") throw one.reason;
        return one.value;
      }) as Awaited<ReturnType<ShareSearch[typeof method]>>[];
    },
    async close() {
      for (const thread of threads) thread.interrupt(false);
      await Promise.allSettled(threads.map((thread) => thread.call("end", [])));
      idle.giveBack(threads);
    },
  };
}

async function isSlow(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), pollMs);
  });
  const slow = await Promise.race([work.then(() => false), late]);
  clearTimeout(timer);
  return slow;
}
