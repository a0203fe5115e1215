import {
  type Activation,
  type Layer,
  layersFor,
  type Network,
  networkInput,
  type Padding,
} from "../networks/network.js";
import { channelsOf } from "../networks/shapes.js";
import { foldConv, type Weights } from "../networks/weights.js";
import { OnnxGraph } from "./onnx-graph.js";

/**
 * A network as an ONNX model with batch normalisation folded in, for any batch and image size.
 *
 * Input "input", batch x 3 x height x width; outputs "output0", "output1", ... in the order asked for.
 *
 * @param network - the network
 * @param weights - its parameters
 * @param outputs - layers by their own names, and whether they are averaged over all pixels
 * @returns the model's bytes
 */
export function onnxNetwork(
  network: Network,
  weights: Weights,
  outputs: readonly { own: string; pooled: boolean }[],
): Uint8Array {
  const graph = new OnnxGraph();
  graph.input(networkInput, ["batch", 3, "height", "width"]);
  const layers = layersFor(
    network,
    outputs.map((output) => output.own),
  );
  for (const layer of layers) addLayer(graph, layer, weights);
  const channels = channelsOf(network);
  for (const [i, { own, pooled }] of outputs.entries()) {
    const count = channels.get(own)?.output as number;
    if (pooled) {
      graph.node("GlobalAveragePool", [own], `pooled${i}`);
      graph.node("Flatten", [`pooled${i}`], `output${i}`, { axis: 1 });
      graph.output(`output${i}`, ["batch", count]);
    } else {
      graph.node("Identity", [own], `output${i}`);
      graph.output(`output${i}`, ["batch", count, `height${i}`, `width${i}`]);
    }
  }
  return graph.bytes();
}

function addLayer(graph: OnnxGraph, layer: Layer, weights: Weights): void {
  switch (layer.kind) {
    case "conv": {
      const { weight, bias, shape } = foldConv(layer, weights);
      const inputs = [
        layer.inputs[0],
        graph.constant(`${layer.name}/weight`, shape, weight),
        graph.constant(`${layer.name}/bias`, [layer.filters], bias),
      ];
      activate(graph, layer, (output) =>
        graph.node("Conv", inputs, output, {
          kernel_shape: layer.kernel,
          strides: layer.stride,
          group: layer.groups,
          ...pads(layer.padding),
        }),
      );
      return;
    }
    case "max-pool":
      graph.node("MaxPool", layer.inputs, layer.name, {
        kernel_shape: layer.kernel,
        strides: layer.stride,
        ceil_mode: layer.ceilMode ? 1 : 0,
        ...pads(layer.padding),
      });
      return;
    case "add":
      activate(graph, layer, (output) => {
        const partial = (i: number) => (i === layer.inputs.length - 1 ? output : `${output}/sum${i}`);
        layer.inputs.reduce((sum, input, i) => graph.node("Add", [sum, input], partial(i)));
      });
      return;
    case "concat":
      graph.node("Concat", layer.inputs, layer.name, { axis: 1 });
      return;
    case "average":
      graph.node("GlobalAveragePool", layer.inputs, layer.name);
      return;
    case "scale":
      graph.node("Mul", layer.inputs, layer.name);
      return;
  }
}

function activate(
  graph: OnnxGraph,
  layer: { readonly name: string; readonly activation: Activation },
  write: (output: string) => void,
): void {
  if (layer.activation === "none") {
    write(layer.name);
    return;
  }
  const before = `${layer.name}/before`;
  write(before);
  switch (layer.activation) {
    case "relu":
      graph.node("Relu", [before], layer.name);
      return;
    case "relu6": {
      const low = graph.constant("relu6/low", [], Float32Array.of(0));
      const high = graph.constant("relu6/high", [], Float32Array.of(6));
      graph.node("Clip", [before, low, high], layer.name);
      return;
    }
    case "sigmoid":
      graph.node("Sigmoid", [before], layer.name);
      return;
    case "silu":
      graph.node("Sigmoid", [before], `${layer.name}/sigmoid`);
      graph.node("Mul", [before, `${layer.name}/sigmoid`], layer.name);
      return;
  }
}

function pads(padding: Padding): Record<string, string | readonly number[]> {
  return padding === "same" ? { auto_pad: "SAME_UPPER" } : { pads: padding };
}
