import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { ImageSource } from "../core/image.js";
import type { Preparation } from "../images/index.js";
import type { DecodeAnswer, DecodeTask, DecodeThreadData } from "./decode-worker.js";
import type { PrepareResult } from "./prepare-source.js";

interface Thread {
  readonly worker: Worker;
  readonly busy: Set<number>;
}

interface Waiting {
  readonly task: DecodeTask;
  readonly resolve: (result: PrepareResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Images that a thread has at once: while it decodes one, the file of another is read. */
const perThread = 2;
const program = new URL("./decode-worker.js", import.meta.url);

/** @returns whether threads can be started: not where the package runs from its TypeScript sources */
export function canDecodeInThreads(): boolean {
  return existsSync(fileURLToPath(program));
}

/** Threads that decode and prepare images. */
export class DecodeThreads {
  readonly #threads: Thread[];
  readonly #queue: Waiting[] = [];
  readonly #running = new Map<number, Waiting>();
  #broken: unknown;

  /**
   * @param count - how many threads
   * @param preparation - how an image becomes a network's input
   */
  constructor(count: number, preparation: Preparation) {
    const workerData: DecodeThreadData = { preparation };
    this.#threads = Array.from({ length: count }, () => {
      const thread: Thread = { worker: new Worker(program, { workerData }), busy: new Set() };
      thread.worker.on("message", (answer: DecodeAnswer) => this.#answered(thread, answer));
      thread.worker.on("error", (error) => this.#break(error));
      thread.worker.on("exit", () => this.#break(new Error("a thread that decodes images ended by itself")));
      return thread;
    });
  }

  /**
   * @param index - number that the image is told apart by
   * @param source - where its pixels come from
   * @returns the prepared image, or why it cannot be read
   * @throws what broke the threads, if anything did
   */
  prepare(index: number, source: ImageSource): Promise<PrepareResult> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== undefined) {
        reject(this.#broken);
        return;
      }
      this.#queue.push({ task: { index, source: ownPixels(source) }, resolve, reject });
      this.#assign();
    });
  }

  /** Ends the threads; what they have not finished is dropped. */
  async close(): Promise<void> {
    for (const { worker } of this.#threads) worker.removeAllListeners();
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #assign(): void {
    for (const thread of [...this.#threads].sort((a, b) => a.busy.size - b.busy.size)) {
      while (thread.busy.size < perThread) {
        const next = this.#queue.shift();
        if (!next) return;
        thread.busy.add(next.task.index);
        this.#running.set(next.task.index, next);
        thread.worker.postMessage(next.task);
      }
    }
  }

  #answered(thread: Thread, answer: DecodeAnswer): void {
    const { index } = answer;
    thread.busy.delete(index);
    const waiting = this.#running.get(index);
    this.#running.delete(index);
    if ("result" in answer) waiting?.resolve(answer.result);
    else waiting?.reject(answer.failure);
    this.#assign();
  }

  #break(error: unknown): void {
    this.#broken ??= error;
    for (const { reject } of [...this.#running.values(), ...this.#queue.splice(0)]) reject(this.#broken);
    this.#running.clear();
  }
}

/**
 * An image that can be sent to a thread: a view sends the whole data set behind it, and so does the slice of a Buffer.
 *
 * @param source - where the pixels come from
 * @returns the same, with pixels in a buffer of their own length
 */
export function ownPixels(source: ImageSource): ImageSource {
  if (source.kind === "file") return source;
  return { ...source, image: { ...source.image, data: new Uint8Array(source.image.data) } };
}
