import { imagenetPreparation } from "./imagenet.js";
import { add, average, conv, scale } from "./layers.js";
import { type Layer, type Network, networkInput } from "./network.js";

const stages = [
  { expansion: 1, kernel: 3, stride: 1, filters: 16, blocks: 1 },
  { expansion: 6, kernel: 3, stride: 2, filters: 24, blocks: 2 },
  { expansion: 6, kernel: 5, stride: 2, filters: 40, blocks: 2 },
  { expansion: 6, kernel: 3, stride: 2, filters: 80, blocks: 3 },
  { expansion: 6, kernel: 5, stride: 1, filters: 112, blocks: 3 },
  { expansion: 6, kernel: 5, stride: 2, filters: 192, blocks: 4 },
  { expansion: 6, kernel: 3, stride: 1, filters: 320, blocks: 1 },
];

/**
 * EfficientNet-B0 (Tan and Le 2019) exactly as torchvision builds it; features of 1280 values.
 *
 * Layers and parameters carry torchvision's names, and timm's are understood in checkpoints: `features.N` is the output of stage N, `features.N.i` that of a block.
 */
export const efficientnetB0: Network = {
  name: "efficientnet_b0",
  ...build(),
  featureLayer: "features.8",
  minSize: 32,
  preparation: { ...imagenetPreparation, filter: "bicubic" },
  weights: {
    file: "efficientnet_b0_rwightman-7f5810bc.pth",
    otherFiles: ["efficientnet_b0_rwightman-3dd342df.pth", "efficientnet_b0.safetensors"],
    source: "trained on ImageNet by Ross Wightman, as torchvision publishes it",
    licence: "Apache-2.0",
    bundled: false,
  },
};

function build(): Pick<Network, "layers" | "aliases" | "otherNames"> {
  const otherNames: Record<string, string> = {
    "features.0.0": "conv_stem",
    "features.0.1": "bn1",
    "features.8.0": "conv_head",
    "features.8.1": "bn2",
  };
  const aliases: Record<string, string> = { "features.0": "features.0.0" };
  const layers: Layer[] = [
    conv("features.0.0", networkInput, {
      filters: 32,
      kernel: 3,
      stride: 2,
      padding: 1,
      activation: "silu",
      batchNorm: "features.0.1",
    }),
  ];
  let before = "features.0.0";
  let channels = 32;
  for (const [stage, { blocks, stride, ...form }] of stages.entries()) {
    for (let i = 0; i < blocks; i++) {
      const name = `features.${stage + 1}.${i}`;
      const block = { ...form, channels, stride: i === 0 ? stride : 1 };
      const last = addBlock(layers, name, before, block);
      Object.assign(otherNames, timmNames(name, `blocks.${stage}.${i}`, form.expansion !== 1));
      if (last !== name) aliases[name] = last;
      before = last;
      channels = form.filters;
    }
    aliases[`features.${stage + 1}`] = before;
  }
  layers.push(
    conv("features.8.0", before, {
      filters: 1280,
      kernel: 1,
      activation: "silu",
      batchNorm: "features.8.1",
    }),
  );
  aliases["features.8"] = "features.8.0";
  return { layers, aliases, otherNames };
}

interface BlockForm {
  readonly expansion: number;
  readonly kernel: number;
  readonly stride: number;
  readonly channels: number;
  readonly filters: number;
}

/** Adds an inverted residual block with squeeze and excitation; returns the name of its output. */
function addBlock(layers: Layer[], name: string, before: string, form: BlockForm): string {
  const { expansion, kernel, stride, channels, filters } = form;
  const hidden = channels * expansion;
  const squeezed = Math.floor(channels / 4);
  let step = 0;
  let from = before;
  const part = () => `${name}.block.${step++}`;
  if (expansion !== 1) {
    const expand = part();
    layers.push(
      conv(`${expand}.0`, from, {
        filters: hidden,
        kernel: 1,
        activation: "silu",
        batchNorm: `${expand}.1`,
      }),
    );
    from = `${expand}.0`;
  }
  const [depthwise, excite, project] = [part(), part(), part()];
  layers.push(
    conv(`${depthwise}.0`, from, {
      filters: hidden,
      kernel,
      stride,
      padding: (kernel - 1) / 2,
      groups: hidden,
      activation: "silu",
      batchNorm: `${depthwise}.1`,
    }),
    average(`${excite}.avgpool`, `${depthwise}.0`),
    conv(`${excite}.fc1`, `${excite}.avgpool`, { filters: squeezed, kernel: 1, activation: "silu" }),
    conv(`${excite}.fc2`, `${excite}.fc1`, { filters: hidden, kernel: 1, activation: "sigmoid" }),
    scale(excite, `${depthwise}.0`, `${excite}.fc2`),
    conv(`${project}.0`, excite, { filters, kernel: 1, batchNorm: `${project}.1` }),
  );
  if (stride !== 1 || channels !== filters) return `${project}.0`;
  layers.push(add(name, [`${project}.0`, before]));
  return name;
}

/** How timm names the layers of a block. */
function timmNames(name: string, timm: string, expanded: boolean): Record<string, string> {
  const steps = expanded
    ? ["conv_pw bn1", "conv_dw bn2", "se", "conv_pwl bn3"]
    : ["conv_dw bn1", "se", "conv_pw bn2"];
  const names: Record<string, string> = {};
  for (const [i, step] of steps.entries()) {
    const block = `${name}.block.${i}`;
    if (step === "se") {
      names[`${block}.fc1`] = `${timm}.se.conv_reduce`;
      names[`${block}.fc2`] = `${timm}.se.conv_expand`;
      continue;
    }
    const [convolution, norm] = step.split(" ");
    names[`${block}.0`] = `${timm}.${convolution}`;
    names[`${block}.1`] = `${timm}.${norm}`;
  }
  return names;
}
