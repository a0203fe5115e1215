import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Engine } from "./engine.js";
import { tfjsEngine } from "./tfjs-engine.js";
import type { Tf } from "./tfjs-types.js";

interface WasmBackend {
  readonly version_wasm: string;
  setWasmPaths(folder: string): void;
}

/**
 * Loads TensorFlow.js on WebAssembly, which works wherever Node does.
 *
 * @returns the engine
 * @throws Error when the package is missing or WebAssembly does not start
 */
export async function loadTfjsWasm(): Promise<Engine> {
  const require = createRequire(import.meta.url);
  const tf = require("@tensorflow/tfjs") as Tf;
  const wasm = require("@tensorflow/tfjs-backend-wasm") as WasmBackend;
  wasm.setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")), "/"));
  const before = tf.getBackend();
  if (!(await tf.setBackend("wasm"))) throw new Error("WebAssembly did not start in this Node");
  if (before) await tf.setBackend(before);
  return tfjsEngine({ name: "tfjs-wasm", version: wasm.version_wasm, tf, backend: "wasm" });
}
