import { parentPort, workerData } from "node:worker_threads";
import type { ImageSource } from "../core/image.js";
import type { Preparation } from "../images/index.js";
import { type PrepareResult, prepareSource } from "./prepare-source.js";

/** An image to decode and prepare. */
export interface DecodeTask {
  readonly index: number;
  readonly source: ImageSource;
}

/** What became of it; `failure` is an error of the program, not of the image. */
export type DecodeAnswer = { readonly index: number } & (
  | { readonly result: PrepareResult; readonly failure?: undefined }
  | { readonly failure: unknown }
);

/** What the thread is started with. */
export interface DecodeThreadData {
  readonly preparation: Preparation;
}

/*
 * A thread that decodes and prepares images while the main thread and the engine do other things.
 */
const port = parentPort!;
const { preparation } = workerData as DecodeThreadData;

port.on("message", async ({ index, source }: DecodeTask) => {
  try {
    const result = await prepareSource(source, preparation);
    const buffer = result.image?.data.buffer as ArrayBuffer | undefined;
    port.postMessage({ index, result } satisfies DecodeAnswer, buffer ? [buffer] : []);
  } catch (failure) {
    port.postMessage({ index, failure } satisfies DecodeAnswer);
  }
});
