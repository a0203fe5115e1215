import { createHash } from "node:crypto";
import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import { checkOptions, integerIn } from "../core/options.js";
import { ProgressMeter } from "../core/progress.js";
import { Random } from "../core/random.js";
import type { Network, Weights } from "../networks/index.js";
import { drawVariations, type PixelBlock, variedBatch } from "./augment.js";
import { AveragedWeights } from "./averaged-weights.js";
import { type BatchOptions, epochBatches, type LargerInput } from "./batches.js";
import { type EpochReport, readCheckpoint, type TrainingState, writeCheckpoint } from "./checkpoint.js";
import { AdamW, oneCycle } from "./optimizer.js";
import { Student } from "./student.js";
import type { Targets } from "./targets.js";
import type { TensorFlow } from "./trainable-ops.js";

/** What is learned from. */
export interface DistillationData {
  /** The images, in the network's input size. */
  readonly images: PixelBlock;
  /** One target an image. */
  readonly targets: Targets;
}

/** How a student is trained. */
export interface DistillationOptions {
  /** Seed of all chance. @default 0 */
  seed?: number;
  /** How often every image is seen. A resumed training may have another number: the learning rate goes on from the share done. @default 24 */
  epochs?: number;
  /** Images in a batch. @default 128 */
  batchSize?: number;
  /** Largest learning rate. @default 0.004 */
  peakRate?: number;
  /** Share of the training in which the learning rate rises. @default 0.2 */
  warmup?: number;
  /** Weight decay. @default 0.05 */
  weightDecay?: number;
  /** Share of the running average of the parameters that a step keeps. @default 0.998 */
  averaging?: number;
  /** Largest move of an image in pixels. @default 4 */
  shift?: number;
  /** Shares of batches of larger input. @default 6 % of 48 pixels, 6 % of 64 pixels */
  largerInputs?: readonly LargerInput[];
  /** Images over which the final statistics of the batch normalisation are taken. @default 4096 */
  statisticsImages?: number;
  /** File that keeps the state after every epoch; an existing one is gone on from. @default none */
  checkpoint?: string;
  /** Measures the weights after an epoch; what it gives is kept in the curve. @default nothing */
  measure?: (weights: Weights, epoch: number) => Promise<Record<string, number>>;
  /** Receives each epoch's report with the weights as they would be exported. */
  onEpoch?: (report: EpochReport, weights: () => Weights) => void | Promise<void>;
  /** Stops the training; the last finished epoch is kept in the checkpoint. */
  signal?: AbortSignal;
}

/** What a training gave. */
export interface DistillationResult {
  /** The network's weights, batch normalisation folded. */
  readonly weights: Weights;
  /** One report an epoch. */
  readonly curve: readonly EpochReport[];
}

const defaults = {
  seed: 0,
  epochs: 24,
  batchSize: 128,
  peakRate: 0.004,
  warmup: 0.2,
  weightDecay: 0.05,
  averaging: 0.998,
  shift: 4,
  largerInputs: [
    { size: 48, share: 0.06, batchSize: 64 },
    { size: 64, share: 0.06, batchSize: 32 },
  ] as readonly LargerInput[],
  statisticsImages: 4096,
};

/** The options of a training that decide its result, all filled in. */
export type DistillationSettings = typeof defaults;

/**
 * @param options - the options of `distill`
 * @returns those that decide the result, with the defaults filled in
 * @throws TypeError when an option is unknown, RangeError when a value is impossible
 */
export function distillationSettings(options: DistillationOptions): DistillationSettings {
  const others = ["checkpoint", "measure", "onEpoch", "signal"] as const;
  checkOptions("distill", options, [...Object.keys(defaults), ...others]);
  const settings = { ...defaults };
  for (const key of Object.keys(defaults) as (keyof DistillationSettings)[]) {
    if (options[key] !== undefined) Object.assign(settings, { [key]: options[key] });
  }
  integerIn("epochs", settings.epochs, 1, 100_000);
  integerIn("batchSize", settings.batchSize, 2, 65_536);
  integerIn("statisticsImages", settings.statisticsImages, 1, Number.MAX_SAFE_INTEGER);
  return settings;
}

/**
 * Trains a network to give, through a linear head that is then dropped, the targets of a teacher: mean squared error, AdamW, one
 * cycle of the learning rate, images mirrored and moved by chance.
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
    for (let epoch = curve.length + 1; epoch <= settings.epochs; epoch++) {
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

class Training {
  readonly student: Student;
  #optimizer: AdamW | undefined;
  #average: AveragedWeights | undefined;

  constructor(
    readonly tf: TensorFlow,
    readonly network: Network,
    readonly data: DistillationData,
    readonly settings: DistillationSettings,
  ) {
    const { images, targets } = data;
    const n = targets.data.length / targets.size;
    if (images.data.length !== n * images.size ** 2 * 3 || n < 2) {
      throw new RangeError(
        `images and targets must be equally many, at least 2; got ${images.data.length / (images.size ** 2 * 3)} and ${n}`,
      );
    }
    this.student = new Student(tf, network, targets.size);
  }

  start(state: TrainingState | undefined): void {
    const { seed, weightDecay, averaging } = this.settings;
    const { student, tf } = this;
    const optimizer = state?.optimizer ?? {
      parameters: student.initial(new Random(seed).fork("initial")),
      firstMoment: new Float32Array(student.size),
      secondMoment: new Float32Array(student.size),
      steps: 0,
    };
    const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay };
    this.#optimizer = new AdamW(tf, optimizer, student.decayMask(), constants);
    this.#average = new AveragedWeights(
      tf,
      state?.average ?? optimizer.parameters,
      optimizer.steps,
      averaging,
    );
  }

  async epoch(
    epoch: number,
    signal: AbortSignal | undefined,
  ): Promise<{ loss: number; learningRate: number }> {
    const { settings, student, tf } = this;
    const { seed, epochs, peakRate, warmup } = settings;
    const [optimizer, average] = [this.#optimizer!, this.#average!];
    const meter = new ProgressMeter(`epoch ${epoch} of ${epochs}`, this.#count, "images", signal);
    const form = { peak: peakRate, warmup, start: 1 / 25, end: 1e-4 };
    let learningRate = 0;
    let sum = 0;
    let seen = 0;
    for (const batch of epochBatches(this.#count, seed, epoch, settings as BatchOptions)) {
      const images = this.#images(batch.indices, batch.variations, batch.enlargedTo);
      const targets = this.#targets(batch.indices);
      const { loss, gradient } = student.lossAndGradient(optimizer.parameters, images, targets);
      learningRate = oneCycle((epoch - 1 + batch.done) / epochs, form);
      optimizer.step(gradient, learningRate);
      average.step(optimizer.parameters);
      sum += loss.dataSync()[0] * batch.indices.length;
      seen += batch.indices.length;
      tf.dispose([images, targets, loss, gradient]);
      await meter.add(batch.indices.length);
    }
    meter.close();
    return { loss: sum / seen, learningRate };
  }

  weights(): Weights {
    const average = this.#average!.values;
    return this.student.fold(
      average.dataSync<"float32">().slice(),
      this.student.statistics(average, this.#statisticsBatches()),
    );
  }

  state(): Pick<TrainingState, "optimizer" | "average"> {
    return {
      optimizer: this.#optimizer!.state(),
      average: this.#average!.values.dataSync<"float32">().slice(),
    };
  }

  dispose(): void {
    this.#optimizer?.dispose();
    this.#average?.dispose();
  }

  get #count(): number {
    return this.data.targets.data.length / this.data.targets.size;
  }

  *#statisticsBatches(): Generator<Tensor4D> {
    const { seed, batchSize, shift, statisticsImages } = this.settings;
    const random = new Random(seed).fork("statistics");
    const wanted = Math.min(statisticsImages, this.#count);
    const order = random.sample(this.#count, wanted);
    const size = Math.min(batchSize, wanted);
    for (let start = 0; start + size <= wanted; start += size) {
      yield this.#images(order.slice(start, start + size), drawVariations(size, shift, random), undefined);
    }
  }

  #images(
    indices: Int32Array,
    variations: Parameters<typeof variedBatch>[2],
    enlargedTo: number | undefined,
  ): Tensor4D {
    const { images } = this.data;
    const values = variedBatch(images, indices, variations, this.network.preparation);
    const batch = this.tf.tensor4d(values, [indices.length, images.size, images.size, 3]);
    if (enlargedTo === undefined) return batch;
    const enlarged = this.tf.image.resizeBilinear(batch, [enlargedTo, enlargedTo], false, true);
    batch.dispose();
    return enlarged;
  }

  #targets(indices: Int32Array): Tensor2D {
    const { data, size } = this.data.targets;
    const rows = new Float32Array(indices.length * size);
    for (const [i, index] of indices.entries())
      rows.set(data.subarray(index * size, (index + 1) * size), i * size);
    return this.tf.tensor2d(rows, [indices.length, size]);
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
