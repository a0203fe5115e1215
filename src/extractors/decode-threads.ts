import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { IdleThreads } from "../core/idle-threads.js";
import type { ImageSource } from "../core/image.js";
import type { Preparation } from "../images/index.js";
import type { DecodeAnswer, DecodeTask } from "./decode-worker.js";
import type { PrepareResult } from "./prepare-source.js";

/** Told what becomes of the images that a thread was sent. */
interface Owner {
  answered(answer: DecodeAnswer): void;
  broken(error: unknown): void;
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

class DecodeThread {
  readonly busy = new Set<number>();
  owner: Owner | undefined;
  isBroken = false;
  readonly #worker = new Worker(program);

  constructor() {
    this.#worker.unref();
    this.#worker.on("message", (answer: DecodeAnswer) => {
      this.busy.delete(answer.index);
      if (this.busy.size === 0) this.#worker.unref();
      this.owner?.answered(answer);
    });
    this.#worker.on("error", (error) => this.#break(error));
    this.#worker.on("exit", () => this.#break(new Error("a thread that decodes images ended by itself")));
  }

  send(task: DecodeTask): void {
    this.busy.add(task.index);
    this.#worker.ref();
    this.#worker.postMessage(task);
  }

  async stop(): Promise<void> {
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
  }

  #break(error: unknown): void {
    this.isBroken = true;
    this.owner?.broken(error);
  }
}

const idle = new IdleThreads(() => new DecodeThread());

/** @returns whether threads are there that have decoded before and wait for more */
export function hasIdleThreads(): boolean {
  return idle.isAny;
}

/**
 * Threads that decode and prepare images; they are kept for a while afterwards, as starting them and getting their code up to speed
 * takes as long as decoding some dozen images.
 */
export class DecodeThreads {
  readonly #preparations: readonly Preparation[];
  readonly #threads: DecodeThread[];
  readonly #queue: Waiting[] = [];
  readonly #running = new Map<number, Waiting>();
  #broken: unknown;

  /**
   * @param count - how many threads
   * @param preparations - how an image becomes a network's input, once for each size
   */
  constructor(count: number, preparations: readonly Preparation[]) {
    this.#preparations = preparations;
    this.#threads = idle.take(count);
    const owner: Owner = {
      answered: (answer) => this.#answered(answer),
      broken: (error) => this.#break(error),
    };
    for (const thread of this.#threads) thread.owner = owner;
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
      const task = { index, source: ownPixels(source), preparations: this.#preparations };
      this.#queue.push({ task, resolve, reject });
      this.#assign();
    });
  }

  /** Gives the threads back; one that has not finished is ended, and what it was at is dropped. */
  async close(): Promise<void> {
    const threads = this.#threads.splice(0);
    for (const thread of threads) thread.owner = undefined;
    const isFree = ({ busy, isBroken }: DecodeThread) => busy.size === 0 && !isBroken;
    idle.giveBack(threads.filter(isFree));
    await Promise.all(threads.filter((thread) => !isFree(thread)).map((thread) => thread.stop()));
  }

  #assign(): void {
    for (const thread of [...this.#threads].sort((a, b) => a.busy.size - b.busy.size)) {
      while (thread.busy.size < perThread) {
        const next = this.#queue.shift();
        if (!next) return;
        this.#running.set(next.task.index, next);
        thread.send(next.task);
      }
    }
  }

  #answered(answer: DecodeAnswer): void {
    const { index } = answer;
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
