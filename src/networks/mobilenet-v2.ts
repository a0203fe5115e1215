import { add, conv } from "./layers.js";
import { type Layer, type Network, networkInput } from "./network.js";

const stages = [
  { expansion: 1, filters: 16, blocks: 1, stride: 1 },
  { expansion: 6, filters: 24, blocks: 2, stride: 2 },
  { expansion: 6, filters: 32, blocks: 3, stride: 2 },
  { expansion: 6, filters: 64, blocks: 4, stride: 2 },
  { expansion: 6, filters: 96, blocks: 3, stride: 1 },
  { expansion: 6, filters: 160, blocks: 3, stride: 2 },
  { expansion: 6, filters: 320, blocks: 1, stride: 1 },
];

/**
 * MobileNetV2 1.0 (Sandler et al. 2018) as TensorFlow builds it, with its SAME padding; features of 1280 values.
 *
 * Layers carry torchvision's names; `features.N` is the output of block N.
 */
export const mobilenetV2: Network = {
  name: "mobilenet_v2",
  ...build(),
  featureLayer: "features.18",
  minSize: 32,
  preparation: { resize: 256, crop: 224, filter: "bilinear", mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  weights: {
    file: "mobilenet_v2_1.0_224.safetensors",
    source:
      "trained on ImageNet by Google; mobilenet_v2_1.0_224_quant.tflite of google-coral/edgetpu test_data, dequantised, batch norm folded",
    licence: "Apache-2.0",
    bundled: false,
  },
};

function build(): Pick<Network, "layers" | "aliases"> {
  const aliases: Record<string, string> = { "features.0": "features.0.0" };
  const list: Layer[] = [
    conv("features.0.0", networkInput, {
      filters: 32,
      kernel: 3,
      stride: 2,
      padding: "same",
      activation: "relu6",
    }),
  ];
  let before = "features.0.0";
  let channels = 32;
  let index = 0;
  for (const { expansion, filters, blocks, stride: firstStride } of stages) {
    for (let block = 0; block < blocks; block++) {
      const name = `features.${++index}`;
      const stride = block === 0 ? firstStride : 1;
      const hidden = channels * expansion;
      let step = 0;
      let from = before;
      if (expansion !== 1) {
        const expand = `${name}.conv.${step++}.0`;
        list.push(conv(expand, from, { filters: hidden, kernel: 1, activation: "relu6" }));
        from = expand;
      }
      const depthwise = `${name}.conv.${step++}.0`;
      const project = `${name}.conv.${step}`;
      list.push(
        conv(depthwise, from, {
          filters: hidden,
          kernel: 3,
          stride,
          padding: "same",
          groups: hidden,
          activation: "relu6",
        }),
        conv(project, depthwise, { filters, kernel: 1 }),
      );
      if (stride === 1 && filters === channels) {
        list.push(add(name, [before, project]));
        before = name;
      } else {
        aliases[name] = project;
        before = project;
      }
      channels = filters;
    }
  }
  const head = `features.${++index}`;
  list.push(conv(`${head}.0`, before, { filters: 1280, kernel: 1, activation: "relu6" }));
  aliases[head] = `${head}.0`;
  return { layers: list, aliases };
}
