import { createHash } from "node:crypto";
import type { Network, Weights } from "../networks/index.js";
import { type EpochReport, readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { type DistillationOptions, type DistillationSettings, distillationSettings } from "./settings.js";
import type { TensorFlow } from "./trainable-ops.js";
import { type DistillationData, Training } from "./training.js";

/** What a training gave. */
export interface DistillationResult {
  /** The network's weights, batch normalisation folded. */
  readonly weights: Weights;
  /** One report an epoch. */
  readonly curve: readonly EpochReport[];
}

/**
 * Trains a network to give, through a linear head that is then dropped, the targets of a teacher: mean squared error, AdamW, one
 * cycle of the learning rate, images mirrored and moved by chance; then a few epochs that settle the network on the fixed
 * statistics with which it is exported, at several input sizes.
 *
 * @param tf - tfjs-node, from `requireTfjsNode`
 * @param network - the network to train
 * @param data - images and targets
 * @param options - see `DistillationOptions`
 * @returns weights and learning curve
 * @throws RangeError when images and targets are not equally many
 * @throws DataError when the checkpoint is of another training
 * @throws Aborted when interrupted
 * @see Hinton, Vinyals and Dean 2015, "Distilling the knowledge in a neural network"
 */
export async function distill(
  tf: TensorFlow,
  network: Network,
  data: DistillationData,
  options: DistillationOptions = {},
): Promise<DistillationResult> {
  const settings = distillationSettings(options);
  const training = new Training(tf, network, data, settings);
  const { checkpoint, measure, onEpoch, signal } = options;
  const fingerprint = fingerprintOf(network, data, settings);
  const state = checkpoint ? await readCheckpoint(checkpoint, training.student.size, fingerprint) : undefined;
  training.start(state);
  try {
    const curve = [...(state?.curve ?? [])];
    for (let epoch = curve.length + 1; epoch <= settings.epochs + settings.settlingEpochs; epoch++) {
      const { loss, learningRate } = await training.epoch(epoch, signal);
      let weights: Weights | undefined;
      const exported = () => (weights ??= training.weights());
      const measured = measure ? await measure(exported(), epoch) : {};
      const report = { epoch, loss, learningRate, measured };
      curve.push(report);
      if (checkpoint) await writeCheckpoint(checkpoint, { ...training.state(), curve }, fingerprint);
      await onEpoch?.(report, exported);
    }
    return { weights: training.weights(), curve };
  } finally {
    training.dispose();
  }
}

function fingerprintOf(network: Network, data: DistillationData, settings: DistillationSettings): string {
  const { epochs: _, ...fixed } = settings;
  const hash = createHash("sha256").update(JSON.stringify([network.layers, fixed, data.targets.size]));
  for (const { buffer, byteOffset, byteLength } of [data.images.data, data.targets.data]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}
