import { imagenetPreparation } from "./imagenet.js";
import { add, conv, maxPool } from "./layers.js";
import { type Layer, type Network, networkInput } from "./network.js";

/** What tells one residual network from another. */
interface Form {
  readonly name: string;
  /** Residual blocks in layer1 to layer4. */
  readonly blocks: readonly [number, number, number, number];
  /** Two 3x3 convolutions, or 1x1, 3x3, 1x1. */
  readonly block: "basic" | "bottleneck";
  /** Channels of a bottleneck's 3x3 convolution, as a multiple of the stage's 64 to 512; default 1. */
  readonly width?: number;
  /** Files of torchvision's weights trained on ImageNet, the original recipe's first. */
  readonly files: readonly [string, ...string[]];
}

const forms: readonly Form[] = [
  { name: "resnet18", block: "basic", blocks: [2, 2, 2, 2], files: ["resnet18-f37072fd.pth"] },
  { name: "resnet34", block: "basic", blocks: [3, 4, 6, 3], files: ["resnet34-b627a593.pth"] },
  {
    name: "resnet50",
    block: "bottleneck",
    blocks: [3, 4, 6, 3],
    files: ["resnet50-0676ba61.pth", "resnet50-11ad3fa6.pth"],
  },
  {
    name: "resnet101",
    block: "bottleneck",
    blocks: [3, 4, 23, 3],
    files: ["resnet101-63fe2227.pth", "resnet101-cd907fc2.pth"],
  },
  {
    name: "resnet152",
    block: "bottleneck",
    blocks: [3, 8, 36, 3],
    files: ["resnet152-394f9c45.pth", "resnet152-f82ba261.pth"],
  },
  {
    name: "wide_resnet50_2",
    block: "bottleneck",
    blocks: [3, 4, 6, 3],
    width: 2,
    files: ["wide_resnet50_2-95faca4d.pth", "wide_resnet50_2-9ba9bcbe.pth"],
  },
];

/**
 * Residual networks (He et al. 2016; wide: Zagoruyko and Komodakis 2016) exactly as torchvision builds them, with the
 * stride of a bottleneck in its 3x3 convolution; features of 512 (18, 34) or 2048 values.
 *
 * Layers and parameters carry torchvision's names. `stem` is the output of the first pooling, `layer1` to `layer4` those of
 * the stages, `layerN.i` that of a block, `layerN.i.convJ` that of a convolution with batch normalisation and activation.
 */
export const resnets: readonly Network[] = forms.map((form) => ({
  name: form.name,
  ...build(form),
  featureLayer: "layer4",
  minSize: 32,
  preparation: imagenetPreparation,
  weights: {
    file: form.files[0],
    otherFiles: [...form.files.slice(1), `${form.name}.safetensors`],
    source: "trained on ImageNet by torchvision",
    licence: "BSD-3-Clause",
    bundled: false,
  },
}));

function build({ blocks, block, width = 1 }: Form): Pick<Network, "layers" | "aliases"> {
  const layers: Layer[] = [
    conv("conv1", networkInput, {
      filters: 64,
      kernel: 7,
      stride: 2,
      padding: 3,
      activation: "relu",
      batchNorm: "bn1",
    }),
    maxPool("maxpool", "conv1", { kernel: 3, stride: 2, padding: 1 }),
  ];
  const aliases: Record<string, string> = { relu: "conv1", stem: "maxpool" };
  const addBlock = block === "basic" ? basicBlock : bottleneck;
  let before = "maxpool";
  let channels = 64;
  for (const [stage, count] of blocks.entries()) {
    const planes = 64 * 2 ** stage;
    const filters = block === "basic" ? planes : 4 * planes;
    for (let i = 0; i < count; i++) {
      const name = `layer${stage + 1}.${i}`;
      const stride = stage > 0 && i === 0 ? 2 : 1;
      const last = addBlock(layers, name, before, { planes: planes * width, filters, stride });
      let shortcut = before;
      if (stride !== 1 || channels !== filters) {
        shortcut = `${name}.downsample.0`;
        layers.push(
          conv(shortcut, before, { filters, kernel: 1, stride, batchNorm: `${name}.downsample.1` }),
        );
      }
      layers.push(add(name, [last, shortcut], "relu"));
      before = name;
      channels = filters;
    }
    aliases[`layer${stage + 1}`] = before;
  }
  return { layers, aliases };
}

interface BlockForm {
  readonly planes: number;
  readonly filters: number;
  readonly stride: number;
}

function basicBlock(layers: Layer[], name: string, before: string, { filters, stride }: BlockForm): string {
  const [first, second] = [`${name}.conv1`, `${name}.conv2`];
  layers.push(
    conv(first, before, {
      filters,
      kernel: 3,
      stride,
      padding: 1,
      activation: "relu",
      batchNorm: `${name}.bn1`,
    }),
    conv(second, first, { filters, kernel: 3, padding: 1, batchNorm: `${name}.bn2` }),
  );
  return second;
}

function bottleneck(
  layers: Layer[],
  name: string,
  before: string,
  { planes, filters, stride }: BlockForm,
): string {
  const [first, second, third] = [`${name}.conv1`, `${name}.conv2`, `${name}.conv3`];
  layers.push(
    conv(first, before, { filters: planes, kernel: 1, activation: "relu", batchNorm: `${name}.bn1` }),
    conv(second, first, {
      filters: planes,
      kernel: 3,
      stride,
      padding: 1,
      activation: "relu",
      batchNorm: `${name}.bn2`,
    }),
    conv(third, second, { filters, kernel: 1, batchNorm: `${name}.bn3` }),
  );
  return third;
}
