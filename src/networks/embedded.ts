import { add, conv } from "./layers.js";
import { type Layer, type Network, networkInput } from "./network.js";

/** Channels and stride of the embedded network's residual blocks, in order. */
export const embeddedBlocks: readonly { readonly filters: number; readonly stride: number }[] = [
  { filters: 32, stride: 1 },
  { filters: 64, stride: 2 },
  { filters: 64, stride: 1 },
  { filters: 128, stride: 2 },
  { filters: 128, stride: 1 },
  { filters: 256, stride: 2 },
];

/** Output channels of the embedded network's first convolution. */
export const embeddedStemFilters = 32;

/**
 * The small residual network that the project trains itself and carries in its package; features of 256 values.
 *
 * A 3x3 convolution, then residual blocks of two 3x3 convolutions, with a 1x1 convolution beside them where the shape changes.
 * Batch normalisation is folded into the parameters.
 */
export const embedded: Network = {
  name: "embedded",
  layers: layers(),
  aliases: {},
  featureLayer: `blocks.${embeddedBlocks.length - 1}`,
  minSize: 8,
  multiScale: true,
  preparation: { resize: 32, crop: 32, filter: "bilinear", mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  weights: {
    file: "embedded.safetensors",
    source:
      "trained by this project: distilled from the pooled MobileNetV2 and MobileNet-EdgeTPU features of unlabelled CIFAR-10, CIFAR-100 and FashionMNIST training images",
    licence: "Apache-2.0",
    bundled: true,
  },
};

function layers(): Layer[] {
  const list: Layer[] = [
    conv("stem", networkInput, { filters: embeddedStemFilters, kernel: 3, padding: 1, activation: "relu" }),
  ];
  let before = "stem";
  let channels = embeddedStemFilters;
  for (const [i, { filters, stride }] of embeddedBlocks.entries()) {
    const name = `blocks.${i}`;
    list.push(
      conv(`${name}.conv1`, before, { filters, kernel: 3, stride, padding: 1, activation: "relu" }),
      conv(`${name}.conv2`, `${name}.conv1`, { filters, kernel: 3, padding: 1 }),
    );
    let shortcut = before;
    if (stride !== 1 || filters !== channels) {
      shortcut = `${name}.shortcut`;
      list.push(conv(shortcut, before, { filters, kernel: 1, stride }));
    }
    list.push(add(name, [`${name}.conv2`, shortcut], "relu"));
    before = name;
    channels = filters;
  }
  return list;
}
