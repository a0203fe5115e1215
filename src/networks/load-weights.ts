import { existsSync } from "node:fs";
import { join } from "node:path";
import { dataFolders, findData, packageRoot } from "../core/data-folders.js";
import { DataError } from "../core/errors.js";
import { readCatalog } from "../datasets/fetch/catalog.js";
import { readCheckpoint } from "./checkpoint.js";
import { type SizedTensors, splitByInputSize } from "./input-sizes.js";
import type { Network } from "./network.js";
import { networks } from "./registry.js";
import { bindWeights, type Weights } from "./weights.js";

/** A network's parameters and the file they came from. */
export interface LoadedWeights {
  /** Parameters by name, as `bindWeights` gives them. */
  readonly weights: Weights;
  /** What the file holds for other input sizes; see `weightsAtInputSize`. */
  readonly sizes: SizedTensors["sizes"];
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  /** The file. */
  readonly path: string;
}

/**
 * Finds the file of a network's weights: in data/ of this package where it is part of it, else in `weights/` of the folders
 * named in DN2_DATA and of the cache folder.
 *
 * @param network - the network
 * @returns the file's path
 * @throws DataError saying where it was looked for and how to get it
 */
export function findWeights(network: Network): string {
  const { file, otherFiles, source, licence, bundled } = network.weights;
  if (bundled) {
    const path = join(packageRoot(), "data", file);
    if (existsSync(path)) return path;
    throw new DataError(`the weights of ${network.name} must be in ${path}; install the package again`, path);
  }
  for (const name of [file, ...(otherFiles ?? [])]) {
    const found = findData(join("weights", name));
    if (found) return found;
  }
  const places = dataFolders().map((folder) => join(folder, "weights"));
  const canFetch = readCatalog().some(({ name, files }) => name === network.name && files.length > 0);
  throw new DataError(
    `the weights of ${network.name} must be in ${places.join(" or ")}; ${canFetch ? `run npx dn2 fetch ${network.name}, or ` : ""}put ${file} there (${source}; ${licence}), or name in DN2_DATA a folder that has weights/${file}`,
    file,
  );
}

/**
 * Reads a network's weights and checks every name and shape.
 *
 * @param network - the network
 * @param path - a checkpoint: safetensors, or what torch.save wrote; default the one that `findWeights` finds
 * @returns parameters, hash and path
 * @throws DataError when the file is missing, damaged, made for another network, or not what its name says (it is
 *   then renamed)
 */
export async function loadWeights(network: Network, path = findWeights(network)): Promise<LoadedWeights> {
  const { tensors, hash } = await readCheckpoint(path, networks);
  const { own, sizes } = splitByInputSize(tensors);
  return { weights: bindWeights(network, own, path), sizes, hash, path };
}
