import { oneOf } from "../core/options.js";
import type { Preparation } from "../images/prepare.js";

/** What follows a convolution or an addition: nothing, max(x, 0), min(max(x, 0), 6), 1 / (1 + exp(-x)), or x / (1 + exp(-x)). */
export type Activation = "none" | "relu" | "relu6" | "sigmoid" | "silu";

/**
 * Zeros around a layer's input: a number of pixels at [top, left, bottom, right], or "same", TensorFlow's rule: the output
 * has ceil(size / stride) pixels and an odd pixel of padding goes to the bottom and the right.
 */
export type Padding = "same" | readonly [top: number, left: number, bottom: number, right: number];

/** Names of the parameters of a batch normalisation: y = (x - mean) / sqrt(variance + epsilon) * weight + bias. */
export interface BatchNorm {
  /** Name of the factor, one per channel. */
  readonly weight: string;
  /** Name of the offset, one per channel. */
  readonly bias: string;
  /** Name of the running mean, one per channel. */
  readonly mean: string;
  /** Name of the running variance, one per channel. */
  readonly variance: string;
  /** Added to the variance. */
  readonly epsilon: number;
}

/** A two-dimensional convolution, with its batch normalisation and activation. */
export interface ConvLayer {
  readonly kind: "conv";
  /** Name of the layer, unique in the network. */
  readonly name: string;
  /** Name of the layer whose output it takes, or "input". */
  readonly inputs: readonly [string];
  /** Number of output channels. */
  readonly filters: number;
  /** Height and width of the kernel in pixels. */
  readonly kernel: readonly [number, number];
  /** Steps in y and x in pixels. */
  readonly stride: readonly [number, number];
  /** Zeros around the input. */
  readonly padding: Padding;
  /** Groups of channels that do not mix; equal to the input channels for a depthwise convolution. */
  readonly groups: number;
  /** Applied last. */
  readonly activation: Activation;
  /** Name of the kernel, filters x (input channels / groups) x height x width. */
  readonly weight: string;
  /** Name of the offset, one per filter; absent where there is none. */
  readonly bias?: string;
  /** Batch normalisation between convolution and activation; absent where it is folded into the parameters. */
  readonly batchNorm?: BatchNorm;
}

/** The maximum over a window; pixels outside the image never win. */
export interface MaxPoolLayer {
  readonly kind: "max-pool";
  /** Name of the layer, unique in the network. */
  readonly name: string;
  /** Name of the layer whose output it takes, or "input". */
  readonly inputs: readonly [string];
  /** Height and width of the window in pixels. */
  readonly kernel: readonly [number, number];
  /** Steps in y and x in pixels. */
  readonly stride: readonly [number, number];
  /** Pixels that count as minus infinity around the input; "same" only where the window is no smaller than the stride. */
  readonly padding: Padding;
  /** Whether a window that only partly covers the image gives an output pixel too (PyTorch's `ceil_mode`). */
  readonly ceilMode: boolean;
}

/** The sum of two or more maps of equal shape. */
export interface AddLayer {
  readonly kind: "add";
  /** Name of the layer, unique in the network. */
  readonly name: string;
  /** Names of the layers whose outputs are added. */
  readonly inputs: readonly string[];
  /** Applied to the sum. */
  readonly activation: Activation;
}

/** Several maps of equal height and width, one after the other along the channels. */
export interface ConcatLayer {
  readonly kind: "concat";
  /** Name of the layer, unique in the network. */
  readonly name: string;
  /** Names of the layers whose outputs are joined, in this order. */
  readonly inputs: readonly string[];
}

/** The average over all pixels, as a map of one pixel. */
export interface AverageLayer {
  readonly kind: "average";
  /** Name of the layer, unique in the network. */
  readonly name: string;
  /** Name of the layer whose output it takes. */
  readonly inputs: readonly [string];
}

/** A map of which each channel is multiplied by one number. */
export interface ScaleLayer {
  readonly kind: "scale";
  /** Name of the layer, unique in the network. */
  readonly name: string;
  /** Names of the layers that give the map and the factors, the latter a map of one pixel with as many channels. */
  readonly inputs: readonly [map: string, factors: string];
}

/** One step of a network. */
export type Layer = ConvLayer | MaxPoolLayer | AddLayer | ConcatLayer | AverageLayer | ScaleLayer;

/** Where a network's weights come from and under which terms. */
export interface WeightsOrigin {
  /** File name looked for in the weights folders. */
  readonly file: string;
  /** Further file names that are looked for when that one is not there, in this order. */
  readonly otherFiles?: readonly string[];
  /** What they were trained on and who published them. */
  readonly source: string;
  /** Licence of the weights. */
  readonly licence: string;
  /** Whether the file is part of this package, in data/. */
  readonly bundled: boolean;
}

/** A convolutional network as plain data. Its input is NCHW float32, three channels, of any size from `minSize` on. */
export interface Network {
  /** Name under which the network is asked for. */
  readonly name: string;
  /** Layers in an order in which every layer comes after its inputs. */
  readonly layers: readonly Layer[];
  /** Further names of layers, for example of a block whose output a layer is: from that name to the layer's. */
  readonly aliases: Readonly<Record<string, string>>;
  /** How other programs name the layers that have parameters, where they do not follow torchvision: from the name here. */
  readonly otherNames?: Readonly<Record<string, string>>;
  /** Name of the layer whose average over all pixels is the image's feature. */
  readonly featureLayer: string;
  /** Smallest height and width of the input in pixels. */
  readonly minSize: number;
  /** Whether its feature is never computed at larger inputs than those it has statistics of; see `featureSizes`. Default no. */
  readonly multiScale?: boolean;
  /** How an image becomes the input. */
  readonly preparation: Preparation;
  /** Where the weights come from. */
  readonly weights: WeightsOrigin;
}

/** Name that stands for the network's input in `inputs`. */
export const networkInput = "input";

/**
 * Finds a layer by its name or by a block's name.
 *
 * @param network - the network
 * @param name - name of a layer, or a key of `aliases`
 * @returns the layer
 * @throws RangeError listing the names of the network's layers
 */
export function layerNamed(network: Network, name: string): Layer {
  const own = Object.hasOwn(network.aliases, name) ? network.aliases[name] : name;
  const found = network.layers.find((layer) => layer.name === own);
  if (found) return found;
  const names = [...Object.keys(network.aliases), ...network.layers.map((layer) => layer.name)];
  return oneOf(`layer of ${network.name}`, name, names) as never;
}

/**
 * The part of a network that some of its layers need.
 *
 * @param network - the network
 * @param names - names of the layers wanted
 * @returns the layers to compute, in order
 * @throws RangeError when a name is unknown
 */
export function layersFor(network: Network, names: readonly string[]): Layer[] {
  const needed = new Set(names.map((name) => layerNamed(network, name).name));
  const kept: Layer[] = [];
  for (const layer of [...network.layers].reverse()) {
    if (!needed.has(layer.name)) continue;
    for (const input of layer.inputs) needed.add(input);
    kept.push(layer);
  }
  return kept.reverse();
}
