import { imagenetPreparation } from "./imagenet.js";
import { conv, maxPool } from "./layers.js";
import { type Layer, type Network, networkInput } from "./network.js";

const stages = [
  { filters: 64, convolutions: 2 },
  { filters: 128, convolutions: 2 },
  { filters: 256, convolutions: 3 },
  { filters: 512, convolutions: 3 },
  { filters: 512, convolutions: 3 },
];

/**
 * VGG-16 without batch normalisation (Simonyan and Zisserman 2015) with torchvision's layout and layer names; features of 512
 * values, the last pooling averaged over all pixels.
 *
 * `features.N` of a convolution includes its activation.
 */
export const vgg16: Network = {
  name: "vgg16",
  ...build(),
  featureLayer: "features.30",
  minSize: 32,
  preparation: imagenetPreparation,
  weights: {
    file: "vgg16-397923af.pth",
    otherFiles: ["vgg16.safetensors"],
    source: "trained on ImageNet by torchvision",
    licence: "BSD-3-Clause",
    bundled: false,
  },
};

function build(): Pick<Network, "layers" | "aliases"> {
  const layers: Layer[] = [];
  const aliases: Record<string, string> = {};
  let before = networkInput;
  let index = 0;
  for (const { filters, convolutions } of stages) {
    for (let i = 0; i < convolutions; i++) {
      const name = `features.${index}`;
      layers.push(conv(name, before, { filters, kernel: 3, padding: 1, activation: "relu" }));
      aliases[`features.${index + 1}`] = name;
      before = name;
      index += 2;
    }
    const name = `features.${index++}`;
    layers.push(maxPool(name, before, { kernel: 2, stride: 2 }));
    before = name;
  }
  return { layers, aliases };
}
