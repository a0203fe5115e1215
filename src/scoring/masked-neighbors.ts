import type { ScoreOptions } from "../neighbors/neighbor-table.js";

/** What a MaskedNeighbors is made of. */
export interface MaskedNeighborsInit {
  /** Uint32Array, n + 1 long: where the list of each image starts and the last one ends. */
  readonly starts: Uint32Array;
  /** Squared Euclidean distances, ascending in each list. */
  readonly distances: Float64Array | Float32Array;
  /** Rows of the training images. */
  readonly indices: ArrayLike<number>;
}

/** Scores through a mask. */
export interface MaskedScores {
  /** Float64Array: one score an image, larger = more anomalous. */
  readonly values: Float64Array;
  /** Number of images whose list had fewer than k neighbors in the mask; their score is made of those. */
  readonly exhausted: number;
}

/**
 * Nearest training images of each of n images, so many that the k nearest of a part of the training images can be read off
 * for every part that was foreseen, without a new search.
 */
export class MaskedNeighbors implements MaskedNeighborsInit {
  readonly starts: Uint32Array;
  readonly distances: Float64Array | Float32Array;
  readonly indices: ArrayLike<number>;

  /** @param init - lists of all images, one after the other */
  constructor({ starts, distances, indices }: MaskedNeighborsInit) {
    this.starts = starts;
    this.distances = distances;
    this.indices = indices;
  }

  /** Number of images that were searched for. */
  get n(): number {
    return this.starts.length - 1;
  }

  /**
   * Scores against a part of the training images: the mean of the squared distances to the k nearest of them, or a variant.
   *
   * @param mask - for each training image 1 where it belongs to the part
   * @param k - number of neighbors, at least 1
   * @param options - distance and statistic as in `NeighborTable.scores`
   * @returns scores, and for how many images the list was too short
   */
  scores(mask: Uint8Array, k: number, options: ScoreOptions = {}): MaskedScores {
    const { starts, distances, indices, n } = this;
    const { distance = "squared", statistic = "mean" } = options;
    const isSquared = distance === "squared";
    const isMean = statistic === "mean";
    const values = new Float64Array(n);
    let exhausted = 0;
    for (let i = 0; i < n; i++) {
      let found = 0;
      let sum = 0;
      for (let j = starts[i]; j < starts[i + 1] && found < k; j++) {
        if (mask[indices[j]] === 0) continue;
        const value = isSquared ? distances[j] : Math.sqrt(distances[j]);
        sum = isMean ? sum + value : value;
        found++;
      }
      if (found < k) exhausted++;
      values[i] = isMean ? sum / Math.max(1, found) : sum;
    }
    return { values, exhausted };
  }

  /**
   * @param i - position of an image
   * @param mask - for each training image 1 where it belongs to the part
   * @param count - how many
   * @returns the nearest training images of the part with squared distances, nearest first
   */
  neighbors(i: number, mask: Uint8Array, count: number): { index: number; squaredDistance: number }[] {
    const found: { index: number; squaredDistance: number }[] = [];
    for (let j = this.starts[i]; j < this.starts[i + 1] && found.length < count; j++) {
      const index = this.indices[j];
      if (mask[index] === 1) found.push({ index, squaredDistance: this.distances[j] });
    }
    return found;
  }
}
