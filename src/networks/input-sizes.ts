import { DataError } from "../core/errors.js";
import type { ConvLayer, Network } from "./network.js";
import type { Tensor, Weights } from "./weights.js";

/*
 * A network whose batch normalisation is folded carries the statistics of one input size: enlarged images are smoother, and their
 * features fall off. Beside its weights a file may therefore hold, for other sizes, what the statistics of images of that size make of
 * every convolution: "input64.stem.scale", a factor for each filter of the kernel, and "input64.stem.bias", the offset in place of its own.
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
 * The weights of a network for an input size: those of the nearest size, by ratio, that its file has statistics of.
 *
 * @param network - the network
 * @param weights - its weights for its own input size
 * @param sizes - what `splitByInputSize` found
 * @param inputSize - side of the input in pixels
 * @param path - the checkpoint's file, for the message
 * @returns the weights themselves where its own size is nearest
 * @throws DataError when something is missing for a size or has another length
 */
export function weightsAtInputSize(
  network: Network,
  weights: Weights,
  sizes: SizedTensors["sizes"],
  inputSize: number,
  path = "the checkpoint",
): Weights {
  const distance = (size: number) => Math.abs(Math.log(size / inputSize));
  const own = network.preparation.crop;
  const nearest = [own, ...sizes.keys()].reduce((best, size) =>
    distance(size) < distance(best) ? size : best,
  );
  const size = sizes.get(nearest);
  if (!size) return weights;
  const adapted = new Map(weights);
  for (const layer of network.layers) {
    if (layer.kind !== "conv" || layer.bias === undefined) continue;
    const part = (what: string) => partOf(size, layer, what, `${path}: input size ${nearest}`);
    adapted.set(layer.weight, scaled(weights.get(layer.weight) as Tensor, part("scale")));
    adapted.set(layer.bias, { shape: [layer.filters], data: part("bias") });
  }
  return adapted;
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
  return { shape, data: data.map((value, i) => value * factors[Math.floor(i / perFilter)]) };
}
