import { add, conv } from "./layers.js";
import { type Layer, type Network, networkInput } from "./network.js";

/** Expansion 0: none. `fused`: a full 3x3 convolution instead of a 1x1 and a depthwise one. */
interface Block {
  readonly expansion: number;
  readonly filters: number;
  readonly stride: number;
  readonly kernel: number;
  readonly fused: boolean;
  readonly residual: boolean;
}

const stages = [
  { expansion: 8, later: 4, filters: 24, blocks: 4, stride: 2, kernel: 3, fused: true },
  { expansion: 8, later: 4, filters: 40, blocks: 4, stride: 2, kernel: 3, fused: true },
  { expansion: 8, later: 4, filters: 72, blocks: 4, stride: 2, kernel: 3, fused: false },
  { expansion: 8, later: 4, filters: 72, blocks: 4, stride: 1, kernel: 3, fused: false },
  { expansion: 8, later: 4, filters: 120, blocks: 4, stride: 2, kernel: 5, fused: false },
  { expansion: 8, later: 4, filters: 144, blocks: 1, stride: 1, kernel: 3, fused: false },
];

/**
 * MobileNet-EdgeTPU with width 0.75 (Howard and Gupta 2019) as TensorFlow builds it, with its SAME padding; features of
 * 1280 values.
 *
 * `blocks.N` is the output of block N. The first block of a stage never adds its input.
 */
export const mobilenetEdgetpu075: Network = {
  name: "mobilenet_edgetpu_0.75",
  ...build(),
  featureLayer: "head",
  minSize: 32,
  preparation: { resize: 256, crop: 224, filter: "bilinear", mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  weights: {
    file: "mobilenet_edgetpu_0.75_224.safetensors",
    source:
      "trained on ImageNet by Google; mobilenet_edgetpu_0.75_224_post_training_quant.tflite of google-coral/edgetpu test_data, dequantised, batch norm folded",
    licence: "Apache-2.0",
    bundled: false,
  },
};

function blocks(): Block[] {
  const list: Block[] = [];
  for (const { expansion, later, blocks: count, stride, ...form } of stages) {
    for (let i = 0; i < count; i++) {
      list.push({
        ...form,
        expansion: i === 0 ? expansion : later,
        stride: i === 0 ? stride : 1,
        residual: i > 0,
      });
    }
  }
  return list;
}

function build(): Pick<Network, "layers" | "aliases"> {
  const list: Layer[] = [
    conv("stem", networkInput, { filters: 24, kernel: 3, stride: 2, padding: "same", activation: "relu" }),
    conv("blocks.0.project", "stem", { filters: 16, kernel: 1 }),
  ];
  const aliases: Record<string, string> = { "blocks.0": "blocks.0.project" };
  let before = "blocks.0.project";
  let channels = 16;
  for (const [i, { expansion, filters, stride, kernel, fused, residual }] of blocks().entries()) {
    const name = `blocks.${i + 1}`;
    const filters1 = channels * expansion;
    const [expand, depthwise, project] = ["expand", "depthwise", "project"].map((part) => `${name}.${part}`);
    const hidden = { filters: filters1, padding: "same", activation: "relu" } as const;
    if (fused) {
      list.push(conv(expand, before, { ...hidden, kernel, stride }));
    } else {
      list.push(
        conv(expand, before, { ...hidden, kernel: 1 }),
        conv(depthwise, expand, { ...hidden, kernel, stride, groups: filters1 }),
      );
    }
    list.push(conv(project, fused ? expand : depthwise, { filters, kernel: 1 }));
    if (residual) list.push(add(name, [before, project]));
    else aliases[name] = project;
    before = residual ? name : project;
    channels = filters;
  }
  list.push(conv("head", before, { filters: 1280, kernel: 1, activation: "relu" }));
  return { layers: list, aliases };
}
