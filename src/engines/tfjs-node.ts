import { createRequire } from "node:module";
import type { Engine } from "./engine.js";
import { tfjsEngine } from "./tfjs-engine.js";
import type { Tf } from "./tfjs-types.js";

/**
 * The module @tensorflow/tfjs-node, loaded so that it works on every Node from 20 on and prints nothing.
 *
 * It calls `util.isNullOrUndefined` and `util.isArray`, which Node 23 removed; both are put back first.
 *
 * @returns TensorFlow.js with the back end "tensorflow" current
 * @throws Error when the package or its native library is missing or cannot be loaded
 */
export function requireTfjsNode(): Tf {
  const require = createRequire(import.meta.url);
  const util = require("node:util") as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  return require("@tensorflow/tfjs-node") as Tf;
}

/**
 * Loads TensorFlow.js on libtensorflow.
 *
 * @returns the engine
 * @throws Error when the package or its native library is missing or cannot be loaded
 */
export async function loadTfjsNode(): Promise<Engine> {
  const tf = requireTfjsNode();
  const version = (tf.version as Readonly<Record<string, string>>)["tfjs-node"];
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  return tfjsEngine({
    name: "tfjs-node",
    version: `${version} (TensorFlow ${binding.TF_Version})`,
    tf,
    backend: "tensorflow",
  });
}
