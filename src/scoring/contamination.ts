import { Displayable } from "../core/display.js";
import { checkOptions } from "../core/options.js";
import type { Random } from "../core/random.js";
import { ImageSet } from "../datasets/image-set.js";
import { Features } from "../extractors/features.js";
import { anomaliesForRate, shareUpTo } from "./shares.js";

/** What a ContaminationPool is made with. */
export interface ContaminationOptions {
  /** Largest contamination rate that the pool serves, from 0 to 0.9, default 0.5. */
  readonly maxRate?: number;
}

/**
 * Normal training images and the anomalies that are mixed among them, in the order in which they are. The training set of
 * every contamination rate is the first part of the pool, so that those of larger rates contain those of smaller ones.
 */
export class ContaminationPool extends Displayable {
  /** Features of the normal images, then of the anomalies in their order; with images where both parts have them. */
  readonly features: Features;
  /** Number of normal images. */
  readonly normals: number;
  /** Int32Array: for each anomaly of the pool its row among those it was drawn from. */
  readonly anomalyRows: Int32Array;
  /** Largest contamination rate that the pool serves; smaller than asked for where there were too few anomalies. */
  readonly maxRate: number;

  /**
   * @param normal - features of the normal training images
   * @param anomalies - features of anomalies to draw from, without replacement; no image may be in both
   * @param random - source of chance
   * @param options - largest rate
   * @throws RangeError when there is no normal image or the largest rate is out of range
   */
  constructor(normal: Features, anomalies: Features, random: Random, options: ContaminationOptions = {}) {
    super();
    checkOptions("ContaminationPool", options, ["maxRate"]);
    if (normal.n === 0)
      throw new RangeError("contamination needs at least one normal training image; got none");
    const wanted = anomaliesForRate(normal.n, options.maxRate ?? 0.5);
    const count = Math.min(wanted, anomalies.n);
    this.anomalyRows = random.sample(anomalies.n, anomalies.n).slice(0, count);
    this.normals = normal.n;
    this.maxRate = count === wanted ? (options.maxRate ?? 0.5) : count / (normal.n + count);
    const drawn = anomalies.subset(this.anomalyRows);
    const joined = Features.concat(normal, drawn);
    const images =
      normal.images && drawn.images
        ? ImageSet.concat("contaminated training images", [normal.images, drawn.images])
        : undefined;
    this.features = new Features(joined.data, joined.d, joined.ids, {
      images,
      provenance: joined.provenance,
    });
  }

  /** Number of anomalies, those of the largest rate. */
  get anomalies(): number {
    return this.anomalyRows.length;
  }

  /**
   * @param rate - contamination rate, from 0 to maxRate
   * @returns how many images the training set of this rate has: the first of the pool
   * @throws RangeError when the rate is out of range
   */
  size(rate: number): number {
    shareUpTo("contamination rate", rate, this.maxRate);
    return this.normals + Math.min(this.anomalies, anomaliesForRate(this.normals, rate));
  }

  /**
   * @param rate - contamination rate, from 0 to maxRate
   * @returns features of the training set of this rate
   * @throws RangeError when the rate is out of range
   */
  trainingSet(rate: number): Features {
    return this.features.subset(Int32Array.from({ length: this.size(rate) }, (_, i) => i));
  }

  /** @returns for each image of the pool 1 where it is an anomaly */
  isAnomaly(): Uint8Array {
    return Uint8Array.from({ length: this.features.n }, (_, i) => Number(i >= this.normals));
  }

  override toString(): string {
    const share = Number((100 * this.maxRate).toFixed(1));
    return `ContaminationPool: ${this.normals} normal images and up to ${this.anomalies} anomalies, ${share} % of all training images`;
  }
}
