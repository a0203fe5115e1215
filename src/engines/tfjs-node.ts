import { createRequire } from "node:module";
import type { Engine } from "./engine.js";
import { tfjsEngine } from "./tfjs-engine.js";
import type { Tf } from "./tfjs-types.js";

interface TfNode {
  readonly node?: { nodeBackend(): { binding?: { TF_Version?: string } } };
  readonly version: Readonly<Record<string, string>>;
}

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
  process.env.TF_ENABLE_ONEDNN_OPTS ??= "1";
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
  const { node, version } = tf as unknown as TfNode;
  const below = node?.nodeBackend().binding?.TF_Version;
  return tfjsEngine({
    name: "tfjs-node",
    version: `${version["tfjs-node"]}${below ? ` (TensorFlow ${below})` : ""}`,
    tf,
    backend: "tensorflow",
  });
}
