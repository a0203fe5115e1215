import { writeFileAtomically } from "../core/write-file.js";
import type { BadImage } from "./extract-options.js";
import type { Features } from "./features.js";
import { writeNpy } from "./npy.js";

/**
 * Writes features as n x d float32 in NumPy's format, and beside them a JSON file of the same name with `files` (the
 * ids of the rows), `provenance` and `bad` (images left out, with the reason).
 *
 * @param path - file name, ends in .npy; the JSON file's ends in .json
 * @param features - what to write
 * @param about - `bad`: the images that were left out
 */
export async function writeFeatures(
  path: string,
  features: Features,
  about: { bad?: readonly BadImage[] } = {},
): Promise<void> {
  const { n, d, data, ids, provenance } = features;
  const list = `${JSON.stringify({ files: ids, provenance, bad: about.bad ?? [] }, null, 1)}\n`;
  await writeNpy(path, { shape: [n, d], data });
  await writeFileAtomically(path.replace(/\.npy$/, ".json"), list);
}
