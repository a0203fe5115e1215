import type { TensorFlow } from "../../src/distillation/index.js";
import { requireTfjsNode } from "../../src/engines/tfjs-node.js";

/** tfjs-node, which training needs; undefined where it is not installed, so that the tests that need it are skipped. */
export const tensorflow: TensorFlow | undefined = load();

function load(): TensorFlow | undefined {
  try {
    return requireTfjsNode();
  } catch {
    process.stderr.write(
      "tests of training are skipped: tfjs-node is not installed here; npm run setup installs it\n",
    );
    return undefined;
  }
}
