import { parentPort, workerData } from "node:worker_threads";
import type { ShareMethod } from "./crew.js";
import { ShareSearch } from "./share.js";

/** What a thread is asked to do. */
export interface ShareTask {
  readonly method: ShareMethod;
  readonly args: readonly unknown[];
}

/** What became of it. */
export type ShareAnswer = { readonly result: unknown } | { readonly failure: unknown };

/** What the thread is started with; in memory that it shares. */
export interface ShareThreadData {
  /** One number, which becomes 1 to interrupt the thread. */
  readonly interrupt: Int32Array;
  /** One number: pairs that the thread has compared. */
  readonly pairs: BigInt64Array;
}

/*
 * A thread that searches for the neighbors of a share of the queries.
 */
const port = parentPort!;
const { interrupt, pairs } = workerData as ShareThreadData;
const share = new ShareSearch(async (more) => {
  if (Atomics.load(interrupt, 0) === 1) throw new Error("interrupted");
  Atomics.add(pairs, 0, BigInt(more));
});

port.on("message", async ({ method, args }: ShareTask) => {
  try {
    const run = share[method] as (...all: unknown[]) => unknown;
    port.postMessage({ result: await run.apply(share, args as unknown[]) } satisfies ShareAnswer);
  } catch (failure) {
    share.end();
    port.postMessage({ failure } satisfies ShareAnswer);
  }
});
