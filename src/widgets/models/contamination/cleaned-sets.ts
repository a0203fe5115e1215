import { keptAfterCleaning } from "../../../scoring/cleaning.js";
import { MaskedNeighbors } from "../../../scoring/masked-neighbors.js";
import { anomaliesForRate } from "../../../scoring/shares.js";

/** Neighbors of images, one list after the other. */
export interface NeighborLists {
  /** Length of each image's list. */
  readonly lengths: Int32Array;
  /** Squared distances, ascending in each list. */
  readonly distances: Float32Array;
  /** Rows of the pool. */
  readonly indices: Int32Array;
}

/** A pool of training images and the neighbors inside it. */
export interface PoolData {
  /** Number of normal images; they come first. */
  readonly normals: number;
  /** Number of anomalies; they come after, in the order in which they are mixed in. */
  readonly anomalies: number;
  /** Contamination rates of the slider. */
  readonly rates: readonly number[];
  /** Cleaned fractions of the slider. */
  readonly cleaned: readonly number[];
  /** Largest k. */
  readonly kMax: number;
  /** Neighbors of the pool's images inside the pool, enough for every rate. */
  readonly pool: NeighborLists;
}

/**
 * @param lists - lists as they were found
 * @returns the lists as a page keeps them
 */
export function packedLists(lists: MaskedNeighbors): NeighborLists {
  return {
    lengths: Int32Array.from({ length: lists.n }, (_, i) => lists.starts[i + 1] - lists.starts[i]),
    distances: Float32Array.from(lists.distances),
    indices: Int32Array.from(lists.indices),
  };
}

/** The training sets of all rates and fractions: which images of the pool are in them. */
export class CleanedSets {
  readonly data: PoolData;
  readonly #inPool: MaskedNeighbors;
  readonly #scores = new Map<string, Float64Array>();
  #kept: { readonly key: string; readonly mask: Uint8Array } | undefined;

  /** @param data - the pool and the neighbors inside it */
  constructor(data: PoolData) {
    this.data = data;
    this.#inPool = this.lists(data.pool);
  }

  /**
   * @param lists - lists as a page keeps them
   * @returns lists that can be read through masks
   */
  lists({ lengths, distances, indices }: NeighborLists): MaskedNeighbors {
    const starts = new Uint32Array(lengths.length + 1);
    for (let i = 0; i < lengths.length; i++) starts[i + 1] = starts[i] + lengths[i];
    return new MaskedNeighbors({ starts, distances, indices });
  }

  /**
   * @param rate - contamination rate
   * @returns number of training images before cleaning: the first of the pool
   */
  size(rate: number): number {
    return this.data.normals + Math.min(this.data.anomalies, anomaliesForRate(this.data.normals, rate));
  }

  /**
   * @param rate - contamination rate
   * @param k - number of neighbors
   * @returns score of each training image before cleaning inside the training set
   */
  trainingScores(rate: number, k: number): Float64Array {
    const key = `${rate},${k}`;
    let scores = this.#scores.get(key);
    if (!scores) {
      const size = this.size(rate);
      scores = this.#inPool.scores(this.mask(rate, 0, k), k).values.slice(0, size);
      this.#scores.set(key, scores);
    }
    return scores;
  }

  /**
   * @param rate - contamination rate
   * @param fraction - cleaned fraction
   * @param k - number of neighbors
   * @returns for each image of the pool 1 where it is in the training set after cleaning
   */
  mask(rate: number, fraction: number, k: number): Uint8Array {
    const key = fraction === 0 ? `${rate}` : `${rate},${fraction},${k}`;
    if (this.#kept?.key !== key) {
      const mask = new Uint8Array(this.data.normals + this.data.anomalies);
      if (fraction === 0) mask.fill(1, 0, this.size(rate));
      else mask.set(keptAfterCleaning(this.trainingScores(rate, k), fraction));
      this.#kept = { key, mask };
    }
    return this.#kept.mask;
  }

  /**
   * @param image - row of the pool
   * @param rate - contamination rate
   * @param count - how many
   * @returns its nearest training images before cleaning
   */
  neighbors(image: number, rate: number, count: number): { index: number; squaredDistance: number }[] {
    return this.#inPool.neighbors(image, this.mask(rate, 0, 1), count);
  }

  /** @returns every training set with every k, as neighbors must be found for it */
  parts(): { mask: Uint8Array; k: number }[] {
    const { rates, cleaned, kMax } = this.data;
    const all: { mask: Uint8Array; k: number }[] = [];
    for (const rate of rates) {
      all.push({ mask: this.mask(rate, 0, 1), k: kMax });
      for (const fraction of cleaned.filter((one) => one > 0)) {
        for (let k = 1; k <= kMax; k++) all.push({ mask: this.mask(rate, fraction, k), k });
      }
    }
    return all;
  }
}
