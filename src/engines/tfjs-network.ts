import {
  type Activation,
  type Layer,
  layersFor,
  type Network,
  networkInput,
  type Padding,
} from "../networks/network.js";
import { extent, sides } from "../networks/shapes.js";
import { foldConv, type Weights } from "../networks/weights.js";
import type { Tensor4D, Tf } from "./tfjs-types.js";

/** A step that computes a layer's map, batch x height x width x channels, from those of its inputs. */
type Step = (inputs: Tensor4D[]) => Tensor4D;

/** A network whose parameters are in the back end's memory. */
export interface TfjsGraph {
  /**
   * Computes the layers asked for.
   *
   * @param input - batch x height x width x 3
   * @returns their maps in the order asked for; all other tensors are disposed of
   */
  run(input: Tensor4D): Tensor4D[];
  /** Gives the parameters' memory back. */
  dispose(): void;
}

/**
 * Prepares a network's layers as calls of TensorFlow.js on maps with the channels last.
 *
 * @param tf - the library, its back end set
 * @param network - the network
 * @param weights - its parameters
 * @param wanted - layers wanted, by their own names
 * @returns the graph
 */
export function tfjsGraph(tf: Tf, network: Network, weights: Weights, wanted: readonly string[]): TfjsGraph {
  const parameters: { dispose(): void }[] = [];
  const keep = <T extends { dispose(): void }>(tensor: T): T => {
    parameters.push(tensor);
    return tensor;
  };
  const steps = layersFor(network, wanted).map((layer) => ({
    layer,
    step: makeStep(tf, layer, weights, keep),
  }));
  const lastUse = new Map<string, number>();
  for (const [i, { layer }] of steps.entries()) for (const name of layer.inputs) lastUse.set(name, i);
  for (const name of wanted) lastUse.set(name, Number.POSITIVE_INFINITY);
  return {
    run(input) {
      const maps = new Map<string, Tensor4D>([[networkInput, input]]);
      for (const [i, { layer, step }] of steps.entries()) {
        const inputs = layer.inputs.map((name) => maps.get(name) as Tensor4D);
        maps.set(
          layer.name,
          tf.tidy(() => step(inputs)),
        );
        for (const name of new Set(layer.inputs)) {
          if (lastUse.get(name) === i && name !== networkInput) maps.get(name)?.dispose();
        }
      }
      return wanted.map((name) => maps.get(name) as Tensor4D);
    },
    dispose() {
      for (const tensor of parameters.splice(0)) tensor.dispose();
    },
  };
}

function makeStep(
  tf: Tf,
  layer: Layer,
  weights: Weights,
  keep: <T extends { dispose(): void }>(tensor: T) => T,
): Step {
  switch (layer.kind) {
    case "conv":
      return convStep(tf, layer, weights, keep);
    case "max-pool":
      return ([x]) => {
        const padding = windowPadding(x, layer, layer.ceilMode ? "ceil" : "floor");
        const padded = padding.some((pixels) => pixels > 0) ? tf.pad(x, explicit(padding), lowest) : x;
        return tf.maxPool(padded, [...layer.kernel], [...layer.stride], "valid");
      };
    case "add":
      return (inputs) => {
        const sum = inputs.reduce((a, b) => tf.add(a, b));
        return activate(tf, sum, layer.activation);
      };
    case "concat":
      return (inputs) => tf.concat(inputs, 3);
    case "average":
      return ([x]) => tf.mean(x, [1, 2], true);
    case "scale":
      return ([x, factors]) => tf.mul(x, factors);
  }
}

function activate(tf: Tf, x: Tensor4D, activation: Activation): Tensor4D {
  switch (activation) {
    case "none":
      return x;
    case "relu":
      return tf.relu(x);
    case "relu6":
      return tf.relu6(x);
    case "sigmoid":
      return tf.sigmoid(x);
    case "silu":
      return tf.mul(x, tf.sigmoid(x));
  }
}

const lowest = -3.4028234663852886e38;

function convStep(
  tf: Tf,
  layer: Extract<Layer, { kind: "conv" }>,
  weights: Weights,
  keep: <T extends { dispose(): void }>(tensor: T) => T,
): Step {
  const { weight, bias: offset, shape } = foldConv(layer, weights);
  const [filters, perGroup, height, width] = shape;
  const fused = layer.activation === "relu" || layer.activation === "relu6";
  const activation = fused ? (layer.activation as "relu" | "relu6") : "linear";
  const finish = (x: Tensor4D) => (fused ? x : activate(tf, x, layer.activation));
  const strides: [number, number] = [layer.stride[0], layer.stride[1]];
  const bias = keep(tf.tensor1d(offset));
  const depthwise = perGroup === 1 && layer.groups > 1;
  const kernel = keep(
    tf.tidy(() => {
      const stored = tf.tensor4d(weight, [filters, perGroup, height, width]);
      if (!depthwise) return tf.transpose(stored, [2, 3, 1, 0]);
      const byChannel = tf.reshape(stored, [layer.groups, filters / layer.groups, height, width]);
      return tf.transpose(byChannel, [2, 3, 0, 1]);
    }),
  ) as Tensor4D;
  const padFor = convPadding(layer);
  if (depthwise) {
    return ([x]) =>
      finish(
        tf.fused.depthwiseConv2d({ x, filter: kernel, strides, pad: padFor(x) as never, bias, activation }),
      );
  }
  if (layer.groups === 1) {
    return ([x]) =>
      finish(tf.fused.conv2d({ x, filter: kernel, strides, pad: padFor(x), bias, activation }) as Tensor4D);
  }
  return ([x]) => {
    const parts = tf.split<Tensor4D>(kernel, layer.groups, 3);
    const offsets = tf.split(bias, layer.groups);
    const outputs = tf
      .split<Tensor4D>(x, layer.groups, 3)
      .map((part, g) =>
        tf.fused.conv2d({ x: part, filter: parts[g], strides, pad: padFor(x), bias: offsets[g], activation }),
      );
    return finish(tf.concat(outputs, 3) as Tensor4D);
  };
}

type ExplicitPadding = [[number, number], [number, number], [number, number], [number, number]];

/** The library's form of a convolution's padding, which may depend on the size of the map. */
function convPadding(
  layer: Extract<Layer, { kind: "conv" }>,
): (x: Tensor4D) => "same" | "valid" | ExplicitPadding {
  const { kernel, stride, padding } = layer;
  if (padding !== "same") {
    const pad = padding.every((pixels) => pixels === 0) ? "valid" : explicit(padding);
    return () => pad;
  }
  // The WebAssembly back end places such windows differently from TensorFlow.
  const sparse = kernel.some((pixels, axis) => pixels < stride[axis]);
  return sparse ? (x) => explicit(windowPadding(x, layer, "floor")) : () => "same";
}

/** Pixels to add so that windows without padding are exactly the layer's: [top, left, bottom, right]. */
function windowPadding(
  x: Tensor4D,
  { kernel, stride, padding }: Extract<Layer, { padding: Padding }>,
  rounding: "floor" | "ceil",
): [number, number, number, number] {
  const { height, width } = sides(padding);
  const v = extent(x.shape[1], kernel[0], stride[0], height, rounding);
  const h = extent(x.shape[2], kernel[1], stride[1], width, rounding);
  return [v.before, h.before, Math.max(0, v.after), Math.max(0, h.after)];
}

function explicit([top, left, bottom, right]: readonly number[]): ExplicitPadding {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}
