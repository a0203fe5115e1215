import type { Layer, Network, Padding } from "./network.js";
import { networkInput } from "./network.js";

/** Height or width of a window's input side: pixels before it, after it, and windows along it. */
export interface Extent {
  /** Padding pixels at the top or left. */
  readonly before: number;
  /** Padding pixels at the bottom or right; negative where pixels there are never read. */
  readonly after: number;
  /** Output pixels. */
  readonly size: number;
}

/**
 * Padding and output size along one side of a convolution or pooling.
 *
 * "same": size = ceil(n / stride), the padding split with the odd pixel after. Explicit: size = floor((n + before + after -
 * kernel) / stride) + 1, or the ceiling without a window that starts beyond image and leading padding (PyTorch's rule).
 *
 * @param n - input pixels
 * @param kernel - window in pixels
 * @param stride - step in pixels
 * @param padding - "same" or the pixels before and after
 * @param rounding - "floor" (the default) drops a window that only partly covers the image, "ceil" keeps it
 * @returns padding and size; `after` is what makes the last window end exactly at the end
 */
export function extent(
  n: number,
  kernel: number,
  stride: number,
  padding: "same" | readonly [number, number],
  rounding: "floor" | "ceil" = "floor",
): Extent {
  if (padding === "same") {
    const size = Math.ceil(n / stride);
    const total = Math.max(0, (size - 1) * stride + kernel - n);
    return { before: total >> 1, after: total - (total >> 1), size };
  }
  const [before, after] = padding;
  let size = Math[rounding]((n + before + after - kernel) / stride) + 1;
  if (rounding === "ceil" && (size - 1) * stride >= n + before) size--;
  return { before, after: (size - 1) * stride + kernel - n - before, size };
}

/**
 * The two sides of a padding.
 *
 * @param padding - a layer's padding
 * @returns what `extent` takes for the height and for the width
 */
export function sides(padding: Padding): {
  height: "same" | [number, number];
  width: "same" | [number, number];
} {
  if (padding === "same") return { height: "same", width: "same" };
  const [top, left, bottom, right] = padding;
  return { height: [top, bottom], width: [left, right] };
}

/** Channels of a layer's inputs, in order, and of its output. */
export interface LayerChannels {
  readonly inputs: readonly number[];
  readonly output: number;
}

/**
 * The channels of every layer, which do not depend on the size of the input; checks the wiring.
 *
 * @param network - the network
 * @returns by name of the layer, in the network's order
 * @throws RangeError when the layers do not fit together, naming the layer
 */
export function channelsOf(network: Network): Map<string, LayerChannels> {
  const known = new Map<string, number>([[networkInput, 3]]);
  const channels = new Map<string, LayerChannels>();
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((name) => {
      const count = known.get(name);
      if (count === undefined) {
        throw new RangeError(`layer ${layer.name}: its input ${name} must come before it`);
      }
      return count;
    });
    if (known.has(layer.name)) throw new RangeError(`layer ${layer.name}: two layers have this name`);
    const output = outputChannels(layer, inputs);
    known.set(layer.name, output);
    channels.set(layer.name, { inputs, output });
  }
  return channels;
}

/** A layer with the shapes that an input size gives it. */
export interface LayerShape {
  /** Name of the layer. */
  readonly name: string;
  /** What the layer does. */
  readonly kind: Layer["kind"];
  /** Channels, height and width of its output. */
  readonly shape: readonly [channels: number, height: number, width: number];
}

/**
 * The output shape of every layer for an input size, in the network's order.
 *
 * @param network - the network
 * @param height - height of the input in pixels
 * @param width - width of the input in pixels, default the height
 * @returns one entry a layer
 * @throws RangeError when the input is too small or the layers do not fit together, naming the layer
 */
export function describe(network: Network, height: number, width = height): LayerShape[] {
  const channels = channelsOf(network);
  const sizes = new Map<string, readonly [number, number]>([[networkInput, [height, width]]]);
  return network.layers.map((layer) => {
    const inputs = layer.inputs.map((name) => sizes.get(name) as readonly [number, number]);
    const size = outputSize(layer, inputs);
    if (Math.min(...size) < 1) {
      throw new RangeError(
        `${network.name} must have an input of at least ${network.minSize} x ${network.minSize} pixels; ${width} x ${height} leaves layer ${layer.name} without output`,
      );
    }
    sizes.set(layer.name, size);
    return {
      name: layer.name,
      kind: layer.kind,
      shape: [channels.get(layer.name)?.output as number, ...size],
    };
  });
}

function outputChannels(layer: Layer, inputs: readonly number[]): number {
  switch (layer.kind) {
    case "conv":
      if (inputs[0] % layer.groups || layer.filters % layer.groups) {
        throw new RangeError(
          `layer ${layer.name}: ${inputs[0]} input channels and ${layer.filters} filters must both divide into ${layer.groups} groups`,
        );
      }
      return layer.filters;
    case "max-pool":
      if (layer.padding === "same" && layer.kernel.some((pixels, axis) => pixels < layer.stride[axis])) {
        throw new RangeError(
          `layer ${layer.name}: a maximum with same padding must have windows of at least its stride; got ${layer.kernel.join(" x ")} with stride ${layer.stride.join(" x ")}`,
        );
      }
      return inputs[0];
    case "add":
      if (inputs.some((count) => count !== inputs[0])) {
        throw new RangeError(
          `layer ${layer.name}: its inputs must have equal channels; got ${inputs.join(" and ")}`,
        );
      }
      return inputs[0];
    case "concat":
      return inputs.reduce((sum, count) => sum + count, 0);
    case "average":
      return inputs[0];
    case "scale":
      if (inputs[0] !== inputs[1]) {
        throw new RangeError(
          `layer ${layer.name}: it must have one factor for each of ${inputs[0]} channels; got ${inputs[1]}`,
        );
      }
      return inputs[0];
  }
}

function outputSize(layer: Layer, inputs: (readonly [number, number])[]): readonly [number, number] {
  if (layer.kind === "add" || layer.kind === "concat") {
    if (inputs.some(([h, w]) => h !== inputs[0][0] || w !== inputs[0][1])) {
      const sizes = inputs.map(([h, w]) => `${w} x ${h}`).join(" and ");
      throw new RangeError(`layer ${layer.name}: its inputs must have equal width and height; got ${sizes}`);
    }
    return inputs[0];
  }
  if (layer.kind === "average") return [1, 1];
  if (layer.kind === "scale") {
    if (inputs[1][0] !== 1 || inputs[1][1] !== 1) {
      throw new RangeError(
        `layer ${layer.name}: its factors must be one pixel; got ${inputs[1][1]} x ${inputs[1][0]}`,
      );
    }
    return inputs[0];
  }
  const rounding = layer.kind === "max-pool" && layer.ceilMode ? "ceil" : "floor";
  const padding = sides(layer.padding);
  const [[height, width]] = inputs;
  return [
    extent(height, layer.kernel[0], layer.stride[0], padding.height, rounding).size,
    extent(width, layer.kernel[1], layer.stride[1], padding.width, rounding).size,
  ];
}
