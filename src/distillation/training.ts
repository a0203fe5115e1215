import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import { ProgressMeter } from "../core/progress.js";
import { Random } from "../core/random.js";
import type { Network, Weights } from "../networks/index.js";
import { drawVariations, type PixelBlock, type Variation, variedBatch } from "./augment.js";
import { AveragedWeights } from "./averaged-weights.js";
import { epochBatches } from "./batches.js";
import type { TrainingState } from "./checkpoint.js";
import { AdamW, oneCycle } from "./optimizer.js";
import type { DistillationSettings } from "./settings.js";
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

/** A training under way: the student, its optimiser and the average of its parameters. */
export class Training {
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
    for (const batch of epochBatches(this.#count, seed, epoch, settings)) {
      const images = this.#images(batch.indices, batch.variations, batch.enlargedTo);
      const targets = this.#targets(batch.indices);
      const { loss, gradient } = student.lossAndGradient(optimizer.parameters, images, targets);
      learningRate = oneCycle((epoch - 1 + batch.done) / epochs, form);
      optimizer.step(gradient, learningRate);
      average.step(optimizer.parameters);
      const value = loss.dataSync()[0];
      tf.dispose([images, targets, loss, gradient]);
      if (!Number.isFinite(value)) {
        throw new RangeError(`the loss must stay finite; it is ${value} in epoch ${epoch}: lower peakRate`);
      }
      sum += value * batch.indices.length;
      seen += batch.indices.length;
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

  #images(indices: Int32Array, variations: readonly Variation[], enlargedTo: number | undefined): Tensor4D {
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
