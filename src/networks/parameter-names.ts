import type { Network } from "./network.js";
import type { Weights } from "./weights.js";

/** A network's parameters found among a checkpoint's tensors. */
export interface NamedTensors {
  /**
   * @param own - the network's own name of a parameter
   * @returns the checkpoint's name for it
   */
  readonly nameOf: (own: string) => string;
  /** Names of the checkpoint's tensors that belong to the network by their place but that it does not have. */
  readonly unexpected: readonly string[];
}

/** What a checkpoint may hold beside the layers here: classifiers, and counters of training. */
const besideLayers = /^(fc|classifier|head|last_linear|pre_logits)\.|(^|\.)num_batches_tracked$/;

/**
 * Finds out how a checkpoint names a network's parameters: as torchvision does or as timm does, with or without what a
 * training program puts before all names ("module.", "backbone.").
 *
 * @param network - the network
 * @param own - names of its parameters
 * @param tensors - the checkpoint
 * @returns the naming that fits most parameters, the plainest one first
 */
export function parameterNaming(network: Network, own: readonly string[], tensors: Weights): NamedTensors {
  const { otherNames = {} } = network;
  const plain = (name: string) => name;
  const other = (name: string) => {
    const dot = name.lastIndexOf(".");
    const layer = name.slice(0, dot);
    return Object.hasOwn(otherNames, layer) ? otherNames[layer] + name.slice(dot) : name;
  };
  let best = { nameOf: plain, prefix: "", count: -1 };
  for (const schema of [plain, other]) {
    for (const prefix of prefixes(schema(own[0]), tensors)) {
      const nameOf = (name: string) => prefix + schema(name);
      const count = own.filter((name) => tensors.has(nameOf(name))).length;
      if (count > best.count) best = { nameOf, prefix, count };
    }
  }
  const used = new Set(own.map(best.nameOf));
  const unexpected = [...tensors.keys()].filter(
    (name) =>
      name.startsWith(best.prefix) && !used.has(name) && !besideLayers.test(name.slice(best.prefix.length)),
  );
  return { nameOf: best.nameOf, unexpected };
}

function prefixes(first: string, tensors: Weights): string[] {
  const found = [""];
  for (const name of tensors.keys()) {
    if (name.endsWith(`.${first}`)) found.push(name.slice(0, -first.length));
  }
  return found.sort((a, b) => a.length - b.length).slice(0, 8);
}
