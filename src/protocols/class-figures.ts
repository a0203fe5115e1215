import type { Random } from "../core/random.js";
import { bootstrapIntervals } from "../metrics/bootstrap.js";
import {
  averagePrecision,
  falsePositiveRateAt,
  MeanRocAuc,
  rocAuc,
  rocAucInterval,
  smallTestSetWarning,
  spreadOf,
} from "../metrics/index.js";

/** Ends of a 95 % interval, as fractions. */
export type Interval = readonly [low: number, high: number];

/** A figure with its interval. */
export interface Measured {
  /** The figure as a fraction. */
  readonly value: number;
  /** 95 % interval for another choice of test images. */
  readonly interval: Interval;
}

/** Outcome of one choice of the normal class. */
export interface ClassResult {
  /** The class: the normal one in the unimodal experiment, the left-out one in the multimodal. */
  readonly class: string;
  /** ROCAUC as a fraction. */
  readonly value: number;
  /** DeLong's 95 % interval of the ROCAUC; [0, 1] where a kind has a single test image. */
  readonly interval: Interval;
  /** Average precision with its stratified bootstrap interval. */
  readonly averagePrecision: Measured;
  /** Share of normal images above the threshold that finds 95 % of the anomalies, with its stratified bootstrap interval. */
  readonly falsePositiveRate: Measured;
  /** Number of training images. */
  readonly trainImages: number;
  /** Number of normal test images. */
  readonly normalTestImages: number;
  /** Number of anomalous test images. */
  readonly anomalousTestImages: number;
  /** What to mind about this figure, where there is something. */
  readonly warning?: string;
}

/** ROCAUC for each choice of the normal class, as fractions. */
export interface ClassFigures {
  /** Mean over the classes. */
  readonly mean: number;
  /** 95 % interval of the mean for another choice of test images; the classes share their test images. */
  readonly interval: Interval;
  /** Standard deviation over the classes; absent with one class. */
  readonly overClasses?: number;
  /** One entry a class, in the order of the class names. */
  readonly perClass: readonly ClassResult[];
}

/** Collects the figures of an experiment class by class. */
export class ClassFiguresCollector {
  readonly #mean: MeanRocAuc;
  readonly #results: ClassResult[] = [];
  #allHaveIntervals = true;

  /**
   * @param strata - class of each test image
   * @param random - source of the bootstrap's chance
   * @param replicates - resamples of the bootstrap
   * @param signal - aborts between resamples
   */
  constructor(
    strata: ArrayLike<number>,
    readonly random: Random,
    readonly replicates: number,
    readonly signal?: AbortSignal,
  ) {
    this.#mean = new MeanRocAuc(strata);
  }

  /**
   * @param name - the class
   * @param trainImages - number of training images
   * @param scores - one score a test image
   * @param isAnomaly - ground truth
   */
  async add(name: string, trainImages: number, scores: Float64Array, isAnomaly: Uint8Array): Promise<void> {
    const { replicates, signal } = this;
    const anomalous = isAnomaly.reduce((sum, value) => sum + value, 0);
    const normal = isAnomaly.length - anomalous;
    const value = rocAuc(scores, isAnomaly);
    let interval: Interval = [0, 1];
    if (Math.min(normal, anomalous) >= 2) {
      const { low, high } = rocAucInterval(scores, isAnomaly);
      interval = [low, high];
      this.#mean.add(scores, isAnomaly);
    } else this.#allHaveIntervals = false;
    const drawn = await bootstrapIntervals(scores, isAnomaly, this.random.fork(name), { replicates, signal });
    const [low, high] = interval;
    const warning = smallTestSetWarning({ low, high, level: 0.95 }, { normal, anomalous });
    this.#results.push({
      class: name,
      value,
      interval,
      averagePrecision: {
        value: averagePrecision(scores, isAnomaly),
        interval: [drawn.averagePrecision.low, drawn.averagePrecision.high],
      },
      falsePositiveRate: {
        value: falsePositiveRateAt(scores, isAnomaly),
        interval: [drawn.falsePositiveRate.low, drawn.falsePositiveRate.high],
      },
      trainImages,
      normalTestImages: normal,
      anomalousTestImages: anomalous,
      ...(warning ? { warning } : {}),
    });
  }

  /** @returns the figures of all classes and their mean */
  figures(): ClassFigures {
    const values = this.#results.map(({ value }) => value);
    const { mean, overClasses } = spreadOf([values]);
    let interval: Interval = [0, 1];
    if (this.#allHaveIntervals) {
      const { low, high } = this.#mean.interval();
      interval = [low, high];
    }
    return {
      mean,
      interval,
      ...(overClasses === undefined ? {} : { overClasses }),
      perClass: this.#results,
    };
  }
}
