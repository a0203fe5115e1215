import type { ImageSource } from "../core/image.js";
import { checkInterrupted } from "../core/progress.js";
import type { ImageSet } from "../datasets/image-set.js";
import { usefulThreads } from "../engines/index.js";
import type { Preparation } from "../images/index.js";
import { canDecodeInThreads, DecodeThreads, hasIdleThreads } from "./decode-threads.js";
import { type PrepareResult, prepareSource, refused } from "./prepare-source.js";

/** An image of a set ready for a network, or the reason why it cannot be read. */
export type MaybePrepared = { readonly index: number } & PrepareResult;

/** How `preparedImages` works. */
export interface PreparedImagesOptions {
  /** First image, default 0. */
  readonly start?: number;
  /** Image after the last, default all. */
  readonly end?: number;
  /**
   * Threads that decode ahead, 0 for none. By default the first images are decoded without, and threads are started if the
   * others would take more than half a second; threads that are there from a while ago are used
   * where an image takes more than a millisecond.
   */
  readonly threads?: number;
  /** Aborts between images. */
  readonly signal?: AbortSignal;
}

/** Images decoded before it is decided whether threads are worth starting. */
const measured = 8;
const worthMs = 500;
/** What an image must take for threads that are there already to be sent it: sending one costs a part of that. */
const worthSendingMs = 1;
/** Most images prepared and not yet used, and most bytes of them (one image more may be there). */
const aheadImages = 48;
const aheadBytes = 1 << 27;

/**
 * Decodes and prepares the images of a set in order, ahead of their use in threads of their own where that is worth it.
 *
 * @param images - the images
 * @param preparations - how an image becomes a network's input, once for each size that is wanted of it
 * @param options - which images, threads, abort signal
 * @returns every image in order, prepared, or why it cannot be read
 * @throws Aborted when interrupted
 */
export async function* preparedImages(
  images: ImageSet,
  preparations: readonly Preparation[],
  options: PreparedImagesOptions = {},
): AsyncGenerator<MaybePrepared, void, undefined> {
  const { start = 0, end = images.length, signal } = options;
  const threads = canDecodeInThreads() ? (options.threads ?? defaultThreads()) : 0;
  const chosen = options.threads !== undefined;
  const isReady = hasIdleThreads();
  let elapsed = 0;
  for (let index = start; index < end; index++) {
    const done = index - start;
    const worthStarting = done >= measured && (elapsed / done) * (end - index) > worthMs;
    const worthSending = isReady && done > 0 && elapsed / done > worthSendingMs;
    const worth = chosen || worthStarting || worthSending;
    if (threads > 0 && worth) {
      yield* inThreads(images, preparations, { start: index, end, threads, signal });
      return;
    }
    checkInterrupted(signal);
    const began = performance.now();
    const result = await prepareSource(() => images.source(index), preparations);
    elapsed += performance.now() - began;
    yield { index, ...result };
  }
}

async function* inThreads(
  images: ImageSet,
  preparations: readonly Preparation[],
  options: { start: number; end: number; threads: number; signal?: AbortSignal },
): AsyncGenerator<MaybePrepared, void, undefined> {
  const { start, end, signal } = options;
  const pool = new DecodeThreads(Math.min(options.threads, end - start), preparations);
  const pending: Promise<PrepareResult>[] = [];
  let bytes = 0;
  const send = (index: number): Promise<PrepareResult> => {
    const result = sendOne(pool, images, index);
    result.then(
      (prepared) => {
        bytes += bytesOf(prepared);
      },
      () => {},
    );
    return result;
  };
  try {
    let next = start;
    for (let index = start; index < end; index++) {
      checkInterrupted(signal);
      while (next < end && (next === index || (pending.length < aheadImages && bytes < aheadBytes))) {
        pending.push(send(next++));
      }
      const result = await (pending.shift() as Promise<PrepareResult>);
      bytes -= bytesOf(result);
      yield { index, ...result };
    }
  } finally {
    await pool.close();
  }
}

function bytesOf({ images = [] }: PrepareResult): number {
  return images.reduce((sum, { data }) => sum + data.length, 0);
}

async function sendOne(pool: DecodeThreads, images: ImageSet, index: number): Promise<PrepareResult> {
  let source: ImageSource;
  try {
    source = images.source(index);
  } catch (error) {
    return refused(error);
  }
  return pool.prepare(index, source);
}

function defaultThreads(): number {
  return Math.min(4, usefulThreads());
}
