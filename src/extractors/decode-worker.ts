import { parentPort } from "node:worker_threads";
import type { ImageSource } from "../core/image.js";
import type { Preparation } from "../images/index.js";
import { type PrepareResult, prepareSource } from "./prepare-source.js";

/** An image to decode and prepare. */
export interface DecodeTask {
  readonly index: number;
  readonly source: ImageSource;
  readonly preparations: readonly Preparation[];
}

/** What became of it; `failure` is an error of the program, not of the image. */
export type DecodeAnswer = { readonly index: number } & (
  | { readonly result: PrepareResult; readonly failure?: undefined }
  | { readonly failure: unknown }
);

/*
 * A thread that decodes and prepares images while the main thread and the engine do other things.
 */
const port = parentPort!;

port.on("message", async ({ index, source, preparations }: DecodeTask) => {
  try {
    const result = await prepareSource(source, preparations);
    const buffers = new Set(result.images?.map(({ data }) => data.buffer as ArrayBuffer));
    port.postMessage({ index, result } satisfies DecodeAnswer, [...buffers]);
  } catch (failure) {
    port.postMessage({ index, failure } satisfies DecodeAnswer);
  }
});
