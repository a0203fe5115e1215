import { DataError } from "../core/errors.js";
import type { ConvLayer, Network } from "./network.js";
import type { Tensor, Weights } from "./weights.js";

/*
 * A network whose batch normalisation is folded carries the statistics of one input size: enlarged images are smoother, and their
 * features fall off. Beside its weights a file may therefore hold, for other sizes, what the statistics of images of that size make of
 * every convolution: "input48.stem.scale", a factor for each filter of the kernel, and "input48.stem.bias", the offset in place of its own.
 */
const named = /^input(\d+)\.(.+)\.(scale|bias)$/;

/** A checkpoint's tensors, those for other input sizes apart. */
export interface SizedTensors {
  /** The network's own parameters. */
  readonly own: Weights;
  /** By side of the input in pixels: tensors named "CONVOLUTION.scale" and "CONVOLUTION.bias". */
  readonly sizes: ReadonlyMap<number, Weights>;
}

/**
 * @param tensors - a checkpoint's tensors by name
 * @returns the same, those for other input sizes apart
 */
export function splitByInputSize(tensors: Weights): SizedTensors {
  const sizes = new Map<number, Map<string, Tensor>>();
  const others = [...tensors.keys()].filter((name) => named.test(name));
  if (others.length === 0) return { own: tensors, sizes };
  const own = new Map(tensors);
  for (const name of others) {
    const [, side, convolution, what] = named.exec(name) as RegExpExecArray;
    const size = sizes.get(Number(side)) ?? new Map<string, Tensor>();
    size.set(`${convolution}.${what}`, tensors.get(name) as Tensor);
    sizes.set(Number(side), size);
    own.delete(name);
  }
  return { own, sizes };
}

/**
 * The weights of a network for an input size.
 *
 * @param network - the network
 * @param weights - its weights for its own input size
 * @param sizes - what `splitByInputSize` found
 * @param inputSize - side of the input in pixels
 * @param path - the checkpoint's file, for the message
 * @returns the weights themselves where the file has no statistics of that size
 * @throws DataError when something is missing for a size or has another length
 */
export function weightsAtInputSize(
  network: Network,
  weights: Weights,
  sizes: SizedTensors["sizes"],
  inputSize: number,
  path = "the checkpoint",
): Weights {
  const size = sizes.get(inputSize);
  if (!size) return weights;
  const adapted = new Map(weights);
  for (const layer of network.layers) {
    if (layer.kind !== "conv" || layer.bias === undefined) continue;
    const part = (what: string) => partOf(size, layer, what, `${path}: input size ${inputSize}`);
    adapted.set(layer.weight, scaled(weights.get(layer.weight) as Tensor, part("scale")));
    adapted.set(layer.bias, { shape: [layer.filters], data: part("bias") });
  }
  return adapted;
}

/**
 * The sizes at which the feature is computed where an input size is asked for: all known ones that are no larger. In an image larger than
 * what it has learned from a network of small inputs sees parts of things, not things; at the sizes it knows its features hold, and what
 * it sees at several of them adds up.
 *
 * @param network - the network
 * @param known - sides that its file has statistics of, in pixels, beside the network's own
 * @param inputSize - side of the input in pixels
 * @returns sides in pixels, rising; the input's own alone where it is smaller than all, and for a network that is not `multiScale`
 */
export function featureSizes(network: Network, known: Iterable<number>, inputSize: number): number[] {
  if (!network.multiScale) return [inputSize];
  const sizes = [...new Set([network.preparation.crop, ...known])].filter((size) => size <= inputSize);
  return sizes.length > 0 ? sizes.sort((a, b) => a - b) : [inputSize];
}

/**
 * What weights at another input size are beside those at the network's own, in the form in which a file keeps it.
 *
 * @param network - the network, all its convolutions with offsets
 * @param inputSize - side of the input in pixels
 * @param factors - per convolution one factor a filter
 * @param weights - the weights at that size, whose offsets are taken
 * @returns tensors by their names in the file
 */
export function inputSizeTensors(
  network: Network,
  inputSize: number,
  factors: readonly Float32Array[],
  weights: Weights,
): Weights {
  const convs = network.layers.filter((layer): layer is ConvLayer => layer.kind === "conv");
  return new Map(
    convs.flatMap((layer, i) => [
      [`input${inputSize}.${layer.name}.scale`, { shape: [layer.filters], data: factors[i] }] as const,
      [`input${inputSize}.${layer.name}.bias`, weights.get(layer.bias as string) as Tensor] as const,
    ]),
  );
}

function partOf(size: Weights, { name, filters }: ConvLayer, what: string, where: string): Float32Array {
  const data = size.get(`${name}.${what}`)?.data;
  if (data?.length === filters) return data;
  throw new DataError(
    `${where} must have ${filters} numbers as ${name}.${what}; it has ${data?.length ?? "none"}: take the file from its source again`,
  );
}

function scaled({ shape, data }: Tensor, factors: Float32Array): Tensor {
  const perFilter = data.length / factors.length;
  const product = new Float32Array(data.length);
  for (let filter = 0, i = 0; filter < factors.length; filter++) {
    for (const end = i + perFilter; i < end; i++) product[i] = data[i] * factors[filter];
  }
  return { shape, data: product };
}
