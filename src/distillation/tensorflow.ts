import { DataError, messageOf } from "../core/errors.js";
import { requireTfjsNode } from "../engines/tfjs-node.js";
import type { TensorFlow } from "./trainable-ops.js";

/**
 * Loads what training runs on. The gradients of several layers are there as native kernels only, so that no other engine trains.
 *
 * @returns tfjs-node
 * @throws DataError when it cannot be loaded here, with the reason and what to do
 */
export function trainingTensorFlow(): TensorFlow {
  try {
    return requireTfjsNode();
  } catch (error) {
    const [reason] = messageOf(error).split("\n");
    throw new DataError(
      `training needs tfjs-node, which cannot be loaded here (${reason}): npm run setup installs it where there is a build for this machine; everything else works without`,
      undefined,
      error,
    );
  }
}
