import { Displayable } from "../core/display.js";
import { checkOptions, integerIn, oneOf } from "../core/options.js";
import { bufferFromText, textFromBytes } from "./base64.js";
import { Scores } from "./scores.js";

/** Which distance a score is made of: "squared" Euclidean (the published method) or "euclidean". */
export type DistanceKind = "squared" | "euclidean";

/** What is made of the k distances: their "mean" (the published method) or the "kth", the largest. */
export type ScoreStatistic = "mean" | "kth";

/** How scores are made of neighbor distances. */
export interface ScoreOptions {
  /** Default "squared". */
  readonly distance?: DistanceKind;
  /** Default "mean". */
  readonly statistic?: ScoreStatistic;
}

/** What a NeighborTable is made of. */
export interface NeighborTableInit {
  /** Neighbors kept an image. */
  readonly kMax: number;
  /** Float64Array, n x kMax row-major: squared Euclidean distances, ascending in each row. */
  readonly distances: Float64Array;
  /** Int32Array, n x kMax row-major: rows of the training features. */
  readonly indices: Int32Array;
  /** n identifiers of the images that were searched for. */
  readonly queryIds: readonly string[];
  /** Identifiers of the training images. */
  readonly trainIds: readonly string[];
}

/** A NeighborTable as JSON: distances as base64 of float32, indices of int32, both little-endian. */
export interface NeighborTableJson {
  /** Neighbors kept an image. */
  readonly kMax: number;
  /** Identifiers of the images. */
  readonly queryIds: readonly string[];
  /** Identifiers of the training images. */
  readonly trainIds: readonly string[];
  /** Base64 of n x kMax float32. */
  readonly distances: string;
  /** Base64 of n x kMax int32. */
  readonly indices: string;
}

/** A neighbor of an image. */
export interface Neighbor {
  /** Row of the training features. */
  readonly index: number;
  /** Identifier of the training image. */
  readonly id: string;
  /** Euclidean distance. */
  readonly distance: number;
  /** Squared Euclidean distance. */
  readonly squaredDistance: number;
}

/**
 * The kMax nearest training images of each of n images, kept once so that the scores for every k are read off.
 *
 * Needs no engine and runs in a browser too.
 */
export class NeighborTable extends Displayable {
  /** Number of images that were searched for. */
  readonly n: number;
  /** Neighbors kept an image. */
  readonly kMax: number;
  /** Float64Array, n x kMax row-major: squared Euclidean distances, ascending in each row. */
  readonly distances: Float64Array;
  /** Int32Array, n x kMax row-major: rows of the training features. */
  readonly indices: Int32Array;
  /** Identifiers of the images. */
  readonly queryIds: readonly string[];
  /** Identifiers of the training images. */
  readonly trainIds: readonly string[];
  readonly #sums = new Map<DistanceKind, Float64Array>();

  /**
   * @param init - distances, indices and identifiers
   * @throws RangeError when sizes disagree
   */
  constructor(init: NeighborTableInit) {
    super();
    const { kMax, distances, indices, queryIds, trainIds } = init;
    integerIn("kMax", kMax, 1, Number.MAX_SAFE_INTEGER);
    const n = queryIds.length;
    if (distances.length !== n * kMax || indices.length !== n * kMax) {
      throw new RangeError(
        `a table of ${n} images with ${kMax} neighbors needs ${n * kMax} distances and indices; got ${distances.length} and ${indices.length}`,
      );
    }
    this.n = n;
    this.kMax = kMax;
    this.distances = distances;
    this.indices = indices;
    this.queryIds = queryIds;
    this.trainIds = trainIds;
  }

  /**
   * Scores of all images for one k: the mean of the squared distances to the k nearest training images,
   * (1/k) * sum over j of d_j^2, or a variant of it. Larger = more anomalous.
   *
   * The first call keeps running sums of all rows (n x kMax numbers), after which every k takes n steps.
   *
   * @param k - number of neighbors, from 1 to kMax
   * @param options - distance and statistic
   * @returns one score an image
   * @throws RangeError when k is out of range, naming kMax
   * @see Bergman, Cohen and Hoshen 2020, section 3.1
   */
  scores(k: number, options: ScoreOptions = {}): Scores {
    checkOptions("scores", options, ["distance", "statistic"]);
    const { n, kMax } = this;
    integerIn("k", k, 1, kMax, "neighbors in the table");
    const distance = oneOf("distance", options.distance ?? "squared", ["squared", "euclidean"]);
    const statistic = oneOf("statistic", options.statistic ?? "mean", ["mean", "kth"]);
    const values = new Float64Array(n);
    if (statistic === "mean") {
      const sums = this.#runningSums(distance);
      for (let i = 0; i < n; i++) values[i] = sums[i * kMax + k - 1] / k;
    } else {
      for (let i = 0; i < n; i++) values[i] = this.distances[i * kMax + k - 1];
      if (distance === "euclidean") for (let i = 0; i < n; i++) values[i] = Math.sqrt(values[i]);
    }
    return new Scores({ values, ids: this.queryIds, k, description: describeScore(k, distance, statistic) });
  }

  /**
   * The nearest training images of one image.
   *
   * @param i - position of the image, from 0 to n - 1
   * @param k - how many, default all that were kept
   * @returns nearest first; equally near ones in order of their row
   * @throws RangeError when i or k is out of range
   */
  neighbors(i: number, k: number = this.kMax): Neighbor[] {
    integerIn("position of the image", i, 0, this.n - 1, "images in the table");
    integerIn("k", k, 1, this.kMax, "neighbors in the table");
    return Array.from({ length: k }, (_, j) => {
      const squaredDistance = this.distances[i * this.kMax + j];
      const index = this.indices[i * this.kMax + j];
      return { index, id: this.trainIds[index], distance: Math.sqrt(squaredDistance), squaredDistance };
    });
  }

  /**
   * A compact form for notebooks and shared pages. Distances are rounded to float32 (relative error below 6e-8), which
   * keeps their order.
   *
   * @returns an object for JSON
   */
  toJSON(): NeighborTableJson {
    const { kMax, queryIds, trainIds, indices } = this;
    const distances = textFromBytes(new Uint8Array(Float32Array.from(this.distances).buffer));
    const indexBytes = new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength);
    return { kMax, queryIds, trainIds, distances, indices: textFromBytes(indexBytes) };
  }

  /**
   * @param json - what `toJSON` gave
   * @returns the table
   * @throws RangeError when sizes disagree
   */
  static fromJSON(json: NeighborTableJson): NeighborTable {
    const { kMax, queryIds, trainIds } = json;
    const distances = Float64Array.from(new Float32Array(bufferFromText(json.distances)));
    const indices = new Int32Array(bufferFromText(json.indices));
    return new NeighborTable({ kMax, queryIds, trainIds, distances, indices });
  }

  override toString(): string {
    return `NeighborTable: ${this.n} images, ${this.kMax} nearest of ${this.trainIds.length} training images each`;
  }

  #runningSums(distance: DistanceKind): Float64Array {
    const kept = this.#sums.get(distance);
    if (kept) return kept;
    const { n, kMax, distances } = this;
    const sums = new Float64Array(n * kMax);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = i * kMax; j < (i + 1) * kMax; j++) {
        sum += distance === "squared" ? distances[j] : Math.sqrt(distances[j]);
        sums[j] = sum;
      }
    }
    this.#sums.set(distance, sums);
    return sums;
  }
}

function describeScore(k: number, distance: DistanceKind, statistic: ScoreStatistic): string {
  const name = distance === "squared" ? "squared distance" : "Euclidean distance";
  if (k === 1) return `${name} to nearest`;
  return statistic === "mean" ? `mean ${name} to ${k} nearest` : `${name} to ${ordinal(k)} nearest`;
}

function ordinal(k: number): string {
  const teens = k % 100 >= 11 && k % 100 <= 13;
  return `${k}${teens ? "th" : (["th", "st", "nd", "rd"][k % 10] ?? "th")}`;
}
