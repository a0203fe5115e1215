import { DataError } from "../core/errors.js";
import type { Layer, Network } from "./network.js";
import { parameterNaming } from "./parameter-names.js";
import { channelsOf } from "./shapes.js";

/** An array of numbers with its shape, row-major. */
export interface Tensor {
  /** Sizes of its dimensions, slowest first. */
  readonly shape: readonly number[];
  /** Float32Array of the product of the shape. */
  readonly data: Float32Array;
}

/** A network's parameters by name. */
export type Weights = ReadonlyMap<string, Tensor>;

/**
 * Names and shapes of all parameters of a network.
 *
 * @param network - the network
 * @returns from name to shape, in the order of the layers
 */
export function parameterShapes(network: Network): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const channels = channelsOf(network);
  for (const layer of network.layers) {
    if (layer.kind !== "conv") continue;
    const inputs = channels.get(layer.name)?.inputs[0] as number;
    shapes.set(layer.weight, [layer.filters, inputs / layer.groups, ...layer.kernel]);
    if (layer.bias) shapes.set(layer.bias, [layer.filters]);
    if (layer.batchNorm) {
      const { weight, bias, mean, variance } = layer.batchNorm;
      for (const name of [weight, bias, mean, variance]) shapes.set(name, [layer.filters]);
    }
  }
  return shapes;
}

/**
 * Takes a network's parameters from a checkpoint, which may name them as torchvision or as timm does, with or without a
 * common prefix; classifiers and counters of training are left out.
 *
 * @param network - the network
 * @param tensors - the checkpoint's tensors by name
 * @param path - the checkpoint's file, for the message
 * @returns the parameters by the network's own names, in the order of the layers, the data not copied
 * @throws DataError naming the tensors that are missing, of another shape, or not part of the network
 */
export function bindWeights(network: Network, tensors: Weights, path = "the checkpoint"): Weights {
  const shapes = parameterShapes(network);
  const { nameOf, unexpected } = parameterNaming(network, [...shapes.keys()], tensors);
  const bound = new Map<string, Tensor>();
  const missing: string[] = [];
  const misshapen: string[] = [];
  for (const [name, shape] of shapes) {
    const tensor = tensors.get(nameOf(name));
    if (!tensor) missing.push(nameOf(name));
    else if (shape.join() !== tensor.shape.join()) {
      const got = tensor.shape.join(" x ") || "a single number";
      misshapen.push(`${nameOf(name)} must be ${shape.join(" x ")} and is ${got}`);
    } else bound.set(name, tensor);
  }
  const wrong = [
    ["missing", missing],
    ["of another shape", misshapen],
    ["unexpected", unexpected],
  ] as const;
  if (wrong.every(([, names]) => names.length === 0)) return bound;
  const lists = wrong
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what}: ${few(names)}`);
  throw new DataError(
    `${path}: the tensors must be those of ${network.name}; ${lists.join("; ")}; is it a checkpoint of another network?`,
    path,
  );
}

function few(names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return names.slice(0, 3).join(", ") + more;
}

/** Kernel and offset of a convolution with its batch normalisation folded in. */
export interface FoldedConv {
  /** Float32Array, filters x (input channels / groups) x height x width. */
  readonly weight: Float32Array;
  /** Float32Array, one value a filter. */
  readonly bias: Float32Array;
  /** Shape of the kernel. */
  readonly shape: readonly [number, number, number, number];
}

/**
 * Folds a convolution's batch normalisation into its kernel and offset, in double precision.
 *
 * With s = weight / sqrt(variance + epsilon) per filter: kernel * s, and (bias - mean) * s + offset.
 *
 * @param layer - the convolution
 * @param weights - the network's parameters
 * @returns kernel and offset; the kernel is the parameter itself where nothing is folded
 */
export function foldConv(layer: Extract<Layer, { kind: "conv" }>, weights: Weights): FoldedConv {
  const kernel = tensorNamed(weights, layer.weight);
  const shape = kernel.shape as FoldedConv["shape"];
  const bias = layer.bias
    ? Float32Array.from(tensorNamed(weights, layer.bias).data)
    : new Float32Array(layer.filters);
  if (!layer.batchNorm) return { weight: kernel.data, bias, shape };
  const { epsilon, ...names } = layer.batchNorm;
  const [factor, offset, mean, variance] = [names.weight, names.bias, names.mean, names.variance].map(
    (name) => tensorNamed(weights, name).data,
  );
  const weight = Float32Array.from(kernel.data);
  const perFilter = weight.length / layer.filters;
  for (let f = 0; f < layer.filters; f++) {
    const scale = factor[f] / Math.sqrt(variance[f] + epsilon);
    for (let i = f * perFilter; i < (f + 1) * perFilter; i++) weight[i] = kernel.data[i] * scale;
    bias[f] = (bias[f] - mean[f]) * scale + offset[f];
  }
  return { weight, bias, shape };
}

function tensorNamed(weights: Weights, name: string): Tensor {
  const tensor = weights.get(name);
  if (!tensor) throw new DataError(`parameter ${name} is missing; call bindWeights on the checkpoint first`);
  return tensor;
}
