import { concat, conv, maxPool } from "./layers.js";
import { type Layer, type Network, networkInput } from "./network.js";

const fires = [
  { index: 3, squeeze: 16, expand: 64 },
  { index: 4, squeeze: 16, expand: 64 },
  { index: 6, squeeze: 32, expand: 128 },
  { index: 7, squeeze: 32, expand: 128 },
  { index: 9, squeeze: 48, expand: 192 },
  { index: 10, squeeze: 48, expand: 192 },
  { index: 11, squeeze: 64, expand: 256 },
  { index: 12, squeeze: 64, expand: 256 },
];
const pools = [2, 5, 8];

/** SqueezeNet 1.1 (Iandola et al. 2016) with torchvision's layout and layer names; features of 512 values. */
export const squeezenet11: Network = {
  name: "squeezenet1_1",
  layers: layers(),
  aliases: { "features.1": "features.0" },
  featureLayer: "features.12",
  minSize: 32,
  preparation: {
    resize: 256,
    crop: 224,
    filter: "bilinear",
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
  weights: {
    file: "squeezenet1_1.safetensors",
    otherFiles: ["squeezenet1_1-b8a52dc0.pth"],
    source:
      "trained on ImageNet by DeepScale; SqueezeNet 1.1 of forresti/SqueezeNet as nihui/ncnn-assets stores it, input scaling folded into the first layer",
    licence: "BSD-2-Clause",
    bundled: false,
  },
};

function layers(): Layer[] {
  const list: Layer[] = [
    conv("features.0", networkInput, { filters: 64, kernel: 3, stride: 2, activation: "relu" }),
  ];
  let before = "features.0";
  for (let index = 2; index <= 12; index++) {
    const name = `features.${index}`;
    const fire = fires.find((candidate) => candidate.index === index);
    if (pools.includes(index)) {
      list.push(maxPool(name, before, { kernel: 3, stride: 2, ceilMode: true }));
    } else if (fire) {
      const { squeeze, expand } = fire;
      list.push(
        conv(`${name}.squeeze`, before, { filters: squeeze, kernel: 1, activation: "relu" }),
        conv(`${name}.expand1x1`, `${name}.squeeze`, { filters: expand, kernel: 1, activation: "relu" }),
        conv(`${name}.expand3x3`, `${name}.squeeze`, {
          filters: expand,
          kernel: 3,
          padding: 1,
          activation: "relu",
        }),
        concat(name, [`${name}.expand1x1`, `${name}.expand3x3`]),
      );
    }
    before = name;
  }
  return list;
}
