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

/** A layer with the shapes that an input size gives it. */
export interface LayerShape {
  /** Name of the layer. */
  readonly name: string;
  /** What the layer does. */
  readonly kind: Layer["kind"];
  /** Channels of its inputs, in order. */
  readonly inputChannels: readonly number[];
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
  const shapes = new Map<string, readonly [number, number, number]>([[networkInput, [3, height, width]]]);
  return network.layers.map((layer) => {
    const inputs = layer.inputs.map((name) => {
      const shape = shapes.get(name);
      if (!shape) throw new RangeError(`layer ${layer.name}: its input ${name} must come before it`);
      return shape;
    });
    if (shapes.has(layer.name)) throw new RangeError(`layer ${layer.name}: two layers have this name`);
    const shape = outputShape(layer, inputs);
    if (Math.min(...shape) < 1) {
      throw new RangeError(
        `${network.name} must have an input of at least ${network.minSize} x ${network.minSize} pixels; ${width} x ${height} leaves layer ${layer.name} without output`,
      );
    }
    shapes.set(layer.name, shape);
    return { name: layer.name, kind: layer.kind, inputChannels: inputs.map(([channels]) => channels), shape };
  });
}

function outputShape(
  layer: Layer,
  inputs: (readonly [number, number, number])[],
): readonly [number, number, number] {
  const [channels, height, width] = inputs[0];
  switch (layer.kind) {
    case "conv":
      if (channels % layer.groups || layer.filters % layer.groups) {
        throw new RangeError(
          `layer ${layer.name}: ${channels} input channels and ${layer.filters} filters must both divide into ${layer.groups} groups`,
        );
      }
      return [layer.filters, ...windows(layer, "floor", height, width)];
    case "max-pool":
      return [channels, ...windows(layer, layer.ceilMode ? "ceil" : "floor", height, width)];
    case "add":
      requireEqual(layer, inputs, 0);
      return inputs[0];
    case "concat":
      requireEqual(layer, inputs, 1);
      return [inputs.reduce((sum, [c]) => sum + c, 0), height, width];
  }
}

function windows(
  layer: Extract<Layer, { padding: Padding }>,
  rounding: "floor" | "ceil",
  height: number,
  width: number,
): [number, number] {
  const { height: y, width: x } = sides(layer.padding);
  return [
    extent(height, layer.kernel[0], layer.stride[0], y, rounding).size,
    extent(width, layer.kernel[1], layer.stride[1], x, rounding).size,
  ];
}

function requireEqual(layer: Layer, inputs: (readonly number[])[], from: number): void {
  for (const shape of inputs) {
    if (shape.slice(from).some((size, i) => size !== inputs[0][from + i])) {
      throw new RangeError(
        `layer ${layer.name}: its inputs must have equal ${from ? "height and width" : "shapes"}; got ${inputs.map((s) => s.join(" x ")).join(" and ")}`,
      );
    }
  }
}
