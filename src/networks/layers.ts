import type {
  Activation,
  AddLayer,
  AverageLayer,
  ConcatLayer,
  ConvLayer,
  MaxPoolLayer,
  Padding,
  ScaleLayer,
} from "./network.js";

/** What a convolution may leave out: stride 1, no padding, one group, no activation, parameters named after the layer. */
export interface ConvOptions {
  /** Number of output channels. */
  filters: number;
  /** Height and width of the square kernel in pixels. */
  kernel: number;
  /** Step in both directions; default 1. */
  stride?: number;
  /** Pixels on all four sides, or "same"; default 0. */
  padding?: "same" | number;
  /** Groups of channels that do not mix; default 1. */
  groups?: number;
  /** Default "none". */
  activation?: Activation;
  /** Prefix of the names of a batch normalisation's parameters (PyTorch's names); the convolution then has no bias. */
  batchNorm?: string;
}

/**
 * A convolution whose parameters are `<name>.weight` and `<name>.bias`, or a batch normalisation in place of the bias.
 *
 * @param name - name of the layer
 * @param input - name of the layer before it
 * @param options - size and form
 * @returns the layer
 */
export function conv(name: string, input: string, options: ConvOptions): ConvLayer {
  const { filters, kernel, stride = 1, padding = 0, groups = 1, activation = "none", batchNorm } = options;
  return {
    kind: "conv",
    name,
    inputs: [input],
    filters,
    kernel: [kernel, kernel],
    stride: [stride, stride],
    padding: allSides(padding),
    groups,
    activation,
    weight: `${name}.weight`,
    ...(batchNorm === undefined
      ? { bias: `${name}.bias` }
      : {
          batchNorm: {
            weight: `${batchNorm}.weight`,
            bias: `${batchNorm}.bias`,
            mean: `${batchNorm}.running_mean`,
            variance: `${batchNorm}.running_var`,
            epsilon: 1e-5,
          },
        }),
  };
}

/**
 * A maximum over square windows.
 *
 * @param name - name of the layer
 * @param input - name of the layer before it
 * @param options - window and step in pixels; padding on all sides, default 0; ceilMode, default false
 * @returns the layer
 */
export function maxPool(
  name: string,
  input: string,
  options: { kernel: number; stride: number; padding?: "same" | number; ceilMode?: boolean },
): MaxPoolLayer {
  const { kernel, stride, padding = 0, ceilMode = false } = options;
  return {
    kind: "max-pool",
    name,
    inputs: [input],
    kernel: [kernel, kernel],
    stride: [stride, stride],
    padding: allSides(padding),
    ceilMode,
  };
}

/**
 * A sum of maps.
 *
 * @param name - name of the layer
 * @param inputs - names of the layers added
 * @param activation - applied to the sum, default "none"
 * @returns the layer
 */
export function add(name: string, inputs: readonly string[], activation: Activation = "none"): AddLayer {
  return { kind: "add", name, inputs, activation };
}

/**
 * Maps joined along the channels.
 *
 * @param name - name of the layer
 * @param inputs - names of the layers joined, in order
 * @returns the layer
 */
export function concat(name: string, inputs: readonly string[]): ConcatLayer {
  return { kind: "concat", name, inputs };
}

/**
 * The average over all pixels.
 *
 * @param name - name of the layer
 * @param input - name of the layer before it
 * @returns the layer
 */
export function average(name: string, input: string): AverageLayer {
  return { kind: "average", name, inputs: [input] };
}

/**
 * A map times one factor a channel.
 *
 * @param name - name of the layer
 * @param map - name of the layer that gives the map
 * @param factors - name of the layer that gives the factors, a map of one pixel
 * @returns the layer
 */
export function scale(name: string, map: string, factors: string): ScaleLayer {
  return { kind: "scale", name, inputs: [map, factors] };
}

function allSides(padding: "same" | number): Padding {
  return padding === "same" ? "same" : [padding, padding, padding, padding];
}
