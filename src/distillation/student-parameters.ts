import { type ConvLayer, channelsOf, type Network } from "../networks/index.js";

/** Added to the variance by a student's batch normalisation. */
export const normEpsilon = 1e-5;

/** One of a student's parameters within the flat vector of all. */
export interface StudentParameter {
  /** The network's name of a kernel, or that with ".gamma" or ".beta" for its batch normalisation; "head.weight", "head.bias". */
  readonly name: string;
  /** Its shape; kernels are height x width x channels x filters. */
  readonly shape: readonly number[];
  /** Its first position in the vector. */
  readonly offset: number;
  /** How many numbers it has. */
  readonly size: number;
  /** Whether weight decay applies: to kernels and the head's matrix only. */
  readonly decays: boolean;
  /** Standard deviation of its first values; 0 for the constants. */
  readonly deviation: number;
  /** Its first value, where that is a constant. */
  readonly constant: number;
}

/**
 * The parameters of a network's training form, in their order in the flat vector: kernel, factor and offset of every convolution, then
 * the head's matrix and offset.
 *
 * @param network - the network
 * @param convs - its convolutions in order
 * @param targetSize - numbers in a target
 * @returns one entry a parameter
 */
export function layOutParameters(
  network: Network,
  convs: readonly ConvLayer[],
  targetSize: number,
): StudentParameter[] {
  const channelCounts = channelsOf(network);
  const list: StudentParameter[] = [];
  const add = (name: string, shape: number[], { inputs = 0, gain = 1, constant = 0 }) => {
    const last = list.at(-1);
    list.push({
      name,
      shape,
      offset: last ? last.offset + last.size : 0,
      size: shape.reduce((product, n) => product * n, 1),
      decays: inputs > 0,
      deviation: inputs > 0 ? Math.sqrt(gain / inputs) : 0,
      constant,
    });
  };
  for (const layer of convs) {
    const channels = channelCounts.get(layer.name)?.inputs[0] as number;
    const [height, width] = layer.kernel;
    add(layer.weight, [height, width, channels, layer.filters], {
      inputs: height * width * channels,
      gain: 2,
    });
    add(`${layer.weight}.gamma`, [layer.filters], { constant: 1 });
    add(`${layer.weight}.beta`, [layer.filters], {});
  }
  const dimensions = channelCounts.get(network.featureLayer)?.output as number;
  add("head.weight", [dimensions, targetSize], { inputs: dimensions });
  add("head.bias", [targetSize], {});
  return list;
}

/**
 * A kernel in the order of checkpoints.
 *
 * @param kernel - height x width x channels x filters
 * @param shape - these four
 * @returns filters x channels x height x width
 */
export function filtersFirst(
  kernel: Float32Array,
  [height, width, channels, filters]: readonly number[],
): Float32Array {
  const turned = new Float32Array(kernel.length);
  const pixels = height * width;
  let from = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < channels; c++) {
      for (let f = 0; f < filters; f++) turned[(f * channels + c) * pixels + pixel] = kernel[from++];
    }
  }
  return turned;
}

/**
 * A kernel in the order in which it is trained.
 *
 * @param kernel - filters x channels x height x width
 * @param shape - height, width, channels, filters
 * @returns height x width x channels x filters
 */
export function filtersLast(
  kernel: Float32Array,
  [height, width, channels, filters]: readonly number[],
): Float32Array {
  const turned = new Float32Array(kernel.length);
  const pixels = height * width;
  let to = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < channels; c++) {
      for (let f = 0; f < filters; f++) turned[to++] = kernel[(f * channels + c) * pixels + pixel];
    }
  }
  return turned;
}
