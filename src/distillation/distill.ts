import { createHash } from "node:crypto";
import { Aborted } from "../core/errors.js";
import { ProgressMeter } from "../core/progress.js";
import type { Network, Weights } from "../networks/index.js";
import { type EpochReport, readCheckpoint, type WithinEpoch, writeCheckpoint } from "./checkpoint.js";
import { type DistillationOptions, type DistillationSettings, distillationSettings } from "./settings.js";
import type { TensorFlow } from "./trainable-ops.js";
import { type DistillationData, Training } from "./training.js";

/** An epoch is kept if that takes less than this part of the time since the last one was. */
const keepRatio = 10;

/** What a training gave. */
export interface DistillationResult {
  /** The network's weights, batch normalisation folded, and beside them what `statisticsSizes` asked for. */
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
  const { start, checkpoint, checkpointSeconds = 60, measure, onEpoch, signal } = options;
  const fingerprint = fingerprintOf(network, data, settings, start);
  const state = checkpoint ? await readCheckpoint(checkpoint, training.student.size, fingerprint) : undefined;
  training.start(state, start);
  const curve = [...(state?.curve ?? [])];
  const epochs = settings.epochs + settings.settlingEpochs;
  const meter = new ProgressMeter("training", epochs * training.count, "images", signal);
  if (state) options.onResume?.(curve.slice());
  meter.skip(curve.length * training.count + (state?.within?.images ?? 0));
  let [kept, cost, isKept] = [performance.now(), 0, true];
  let within = state?.within;
  const keep = async () => {
    const began = performance.now();
    if (checkpoint) await writeCheckpoint(checkpoint, { ...training.state(), curve, within }, fingerprint);
    kept = performance.now();
    cost = kept - began;
    isKept = true;
  };
  try {
    for (let epoch = curve.length + 1; epoch <= epochs; epoch++) {
      let weights: Weights | undefined;
      const exported = () => (weights ??= training.weights());
      for await (const done of training.epoch(epoch, within)) {
        const images = done.images - (within?.images ?? 0);
        within = done;
        isKept = false;
        await meter.add(images);
        if (performance.now() - kept > 1000 * checkpointSeconds) await keep();
      }
      const { images, loss, learningRate } = within as WithinEpoch;
      const measured = await (measure?.(exported(), epoch) ?? {});
      const report = { epoch, loss: loss / images, learningRate, measured };
      curve.push(report);
      within = undefined;
      if (performance.now() - kept > keepRatio * cost || epoch === epochs) await keep();
      await onEpoch?.(report, exported);
      await meter.add(training.count - images);
    }
    return { weights: new Map([...training.weights(), ...training.sizeTensors()]), curve };
  } catch (error) {
    if (error instanceof Aborted && !isKept) await keep();
    throw error;
  } finally {
    meter.close();
    training.dispose();
  }
}

function fingerprintOf(
  network: Network,
  data: DistillationData,
  { epochs: _, settlingShare: __, statisticsSizes: ___, mirrorShare, ...settings }: DistillationSettings,
  start: Weights | undefined,
): string {
  // what stands for a default that older checkpoints did not know is left out
  const fixed = { ...settings, ...(mirrorShare === 0.5 ? {} : { mirrorShare }) };
  const hash = createHash("sha256").update(JSON.stringify([network.layers, fixed, data.targets.size]));
  for (const { buffer, byteOffset, byteLength } of [data.images.data, data.targets.data]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  for (const { data } of start?.values() ?? [])
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest("hex");
}
