import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import { Random } from "../core/random.js";
import { inputSizeTensors, type Network, type Tensor, type Weights } from "../networks/index.js";
import { type PixelBlock, type Variation, variedBatch } from "./augment.js";
import { AveragedWeights } from "./averaged-weights.js";
import { epochBatches, type LargerInput, type PlannedBatch } from "./batches.js";
import { blend, packWeights, unpackWeights } from "./blend.js";
import type { TrainingState, WithinEpoch } from "./checkpoint.js";
import { AdamW, oneCycle } from "./optimizer.js";
import type { DistillationSettings } from "./settings.js";
import { startStudent } from "./start-student.js";
import { Student } from "./student.js";
import { StudentStatistics } from "./student-statistics.js";
import type { Targets } from "./targets.js";
import type { BatchStatistics, TensorFlow } from "./trainable-ops.js";

/** What is learned from. */
export interface DistillationData {
  /** The images, in the network's input size. */
  readonly images: PixelBlock;
  /** One target an image. */
  readonly targets: Targets;
}

const cycle = { start: 1 / 25, end: 1e-4 };

/** A training under way: the student, its optimiser and the average of its parameters. */
export class Training {
  readonly student: Student;
  #optimizer: AdamW | undefined;
  #average: AveragedWeights | undefined;
  #statistics: StudentStatistics | undefined;
  #unsettled: Weights | undefined;
  #fixed: BatchStatistics[] | undefined;

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

  start(state: TrainingState | undefined, weights: Weights | undefined): void {
    const { seed, weightDecay, averaging } = this.settings;
    const { student, tf } = this;
    const optimizer = state?.optimizer ?? {
      parameters: this.#firstParameters(new Random(seed).fork("initial"), weights),
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
    if (state?.statistics && state.unsettled) {
      this.#unsettled = unpackWeights(this.network, state.unsettled);
      this.#fix(state.statistics);
    }
  }

  /**
   * Trains an epoch.
   *
   * @param epoch - its number, from 1
   * @param start - how far it was before
   * @returns how far it is, after every batch
   */
  async *epoch(epoch: number, start: WithinEpoch | undefined): AsyncGenerator<WithinEpoch, void, undefined> {
    const { settings, student, tf } = this;
    const { seed, epochs, settlingEpochs } = settings;
    const [optimizer, average] = [this.#optimizer!, this.#average!];
    const settling = epoch > epochs;
    if (settling && !this.#statistics) {
      this.#unsettled = this.weights();
      const batches = this.#statisticsBatches(settings.settlingInputs);
      this.#fix(student.statistics(average.values, batches).pack());
    }
    const plan = { ...settings, largerInputs: settling ? settings.settlingInputs : settings.largerInputs };
    const rate = (done: number) =>
      settling
        ? oneCycle((epoch - epochs - 1 + done) / settlingEpochs, {
            ...cycle,
            peak: settings.settlingRate,
            warmup: 0.1,
          })
        : oneCycle((epoch - 1 + done) / epochs, {
            ...cycle,
            peak: settings.peakRate,
            warmup: settings.warmup,
          });
    let within = start ?? { batches: 0, images: 0, loss: 0, learningRate: 0 };
    let number = 0;
    for (const batch of epochBatches(this.count, seed, epoch, plan)) {
      if (number++ < within.batches) continue;
      const images = this.#images(batch.indices, batch.variations, batch.enlargedTo);
      const targets = this.#targets(batch.indices);
      const { loss, gradient } = student.lossAndGradient(optimizer.parameters, images, targets, this.#fixed);
      const learningRate = rate(batch.done);
      optimizer.step(gradient, learningRate);
      average.step(optimizer.parameters);
      const value = loss.dataSync()[0];
      tf.dispose([images, targets, loss, gradient]);
      if (!Number.isFinite(value)) {
        throw new RangeError(`the loss must stay finite; it is ${value} in epoch ${epoch}: lower peakRate`);
      }
      within = {
        batches: number,
        images: within.images + batch.indices.length,
        loss: within.loss + value * batch.indices.length,
        learningRate,
      };
      yield within;
    }
  }

  weights(): Weights {
    const average = this.#average!.values;
    const values = average.dataSync<"float32">().slice();
    if (!this.#unsettled || !this.#statistics) {
      return this.student.fold(values, this.student.statistics(average, this.#statisticsBatches([])));
    }
    return blend(this.#unsettled, this.student.fold(values, this.#statistics), this.settings.settlingShare);
  }

  /** What the statistics of larger inputs make of the weights, by its names in a file. */
  sizeTensors(): Map<string, Tensor> {
    const { student, network, settings } = this;
    if (settings.statisticsSizes.length === 0) return new Map();
    const average = this.#average!.values;
    const values = average.dataSync<"float32">().slice();
    const own = this.#statistics ?? student.statistics(average, this.#statisticsBatches([]));
    const tensors = new Map<string, Tensor>();
    for (const size of settings.statisticsSizes) {
      const statistics = student.statistics(average, this.#enlargedBatches(size));
      const factors = own.scaleFactors(statistics);
      const weights = student.fold(values, statistics);
      for (const [name, tensor] of inputSizeTensors(network, size, factors, weights))
        tensors.set(name, tensor);
    }
    return tensors;
  }

  state(): Omit<TrainingState, "curve" | "within"> {
    return {
      optimizer: this.#optimizer!.state(),
      average: this.#average!.values.dataSync<"float32">().slice(),
      statistics: this.#statistics?.pack(),
      unsettled: this.#unsettled && packWeights(this.#unsettled),
    };
  }

  dispose(): void {
    this.#optimizer?.dispose();
    this.#average?.dispose();
    this.tf.dispose(this.#fixed?.flatMap(({ mean, variance }) => [mean, variance]) ?? []);
  }

  #fix(statistics: Float32Array): void {
    this.#statistics = StudentStatistics.unpack(statistics, this.student.filters);
    this.#fixed = this.#statistics.tensors(this.tf);
  }

  /** Number of images. */
  get count(): number {
    return this.data.targets.data.length / this.data.targets.size;
  }

  #firstParameters(random: Random, weights: Weights | undefined): Float32Array {
    const { student } = this;
    if (!weights) return student.initial(random);
    return startStudent(student, weights, this.#statisticsBatches([]), random);
  }

  *#statisticsBatches(largerInputs: readonly LargerInput[]): Generator<Tensor4D> {
    for (const { indices, variations, enlargedTo } of this.#sample(largerInputs)) {
      yield this.#images(indices, variations, enlargedTo);
    }
  }

  /** Batches of one larger size that have as many pixels, together and each, as those of the images' own. */
  *#enlargedBatches(size: number): Generator<Tensor4D> {
    const { settings, data } = this;
    const share = (data.images.size / size) ** 2;
    const larger = { size, share: 1, batchSize: Math.max(2, Math.round(share * settings.batchSize)) };
    for (const batch of this.#sample([larger], share)) {
      yield this.#images(batch.indices, batch.variations, batch.enlargedTo);
    }
  }

  *#sample(largerInputs: readonly LargerInput[], share = 1): Generator<PlannedBatch> {
    const { settings, count } = this;
    const wanted = Math.min(share * settings.statisticsImages, count);
    for (const batch of epochBatches(count, settings.seed, 0, { ...settings, largerInputs })) {
      if (batch.done * count >= wanted) return;
      yield batch;
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
