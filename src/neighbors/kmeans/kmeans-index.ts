import { Displayable } from "../../core/display.js";
import { checkOptions, integerIn } from "../../core/options.js";
import { ProgressMeter } from "../../core/progress.js";
import { Random } from "../../core/random.js";
import { loadMatrixBackend, type MatrixBackend } from "../../engines/index.js";
import { Features } from "../../extractors/features.js";
import { NeighborIndex, type SearchOptions } from "../neighbor-index.js";
import type { NeighborTable } from "../neighbor-table.js";
import { squaredDistance } from "../squared-distance.js";
import { CenterProducts } from "./center-products.js";
import { firstCenters } from "./first-centers.js";
import { lloyd } from "./lloyd.js";

/** Options of `KMeansIndex.build`. */
export interface KMeansOptions {
  /** Chooses the first centers; default `new Random(0)`. The same seed on the same engine gives the same centers. */
  readonly random?: Random;
  /** Passes over the training images at most, default 25; ends earlier when no image changes its cluster. */
  readonly iterations?: number;
  /** What multiplies; default plain JavaScript for small problems, else the fastest engine. */
  readonly matrix?: MatrixBackend;
  /** Aborts between blocks. */
  readonly signal?: AbortSignal;
}

/** What a KMeansIndex is made of. */
export interface KMeansIndexInit {
  /** Features of the centers, one row a center. */
  readonly centers: Features;
  /** Int32Array: the center nearest to each training image, as a row of `centers`. */
  readonly assignments: Int32Array;
  /** Sum over the training images of the squared distance to their center. */
  readonly inertia: number;
  /** Passes over the training images that were made. */
  readonly iterations: number;
}

/**
 * Stands for the training images by the centers that K-means makes of them: a search compares with some hundred centers
 * instead of all training images. Searched like a `NeighborIndex`.
 *
 * @see Bergman, Cohen and Hoshen 2020, section 3.2
 */
export class KMeansIndex extends Displayable {
  /** Features of the centers; their ids are "center 0", "center 1" and so on. */
  readonly centers: Features;
  /** Int32Array: the center nearest to each training image, as a row of `centers`. */
  readonly assignments: Int32Array;
  /** Sum over the training images of the squared distance to their center. */
  readonly inertia: number;
  /** Passes over the training images that were made. */
  readonly iterations: number;
  readonly #index: NeighborIndex;

  /** @param init - centers and how they were found */
  constructor(init: KMeansIndexInit) {
    super();
    this.centers = init.centers;
    this.assignments = init.assignments;
    this.inertia = init.inertia;
    this.iterations = init.iterations;
    this.#index = new NeighborIndex(init.centers);
  }

  /**
   * Finds centers by k-means++ and Lloyd's algorithm. A center that no image is nearest to takes the image farthest from
   * its own, so that no cluster is empty. Memory beyond the features: 8 bytes for each number of the centers, four times.
   *
   * @param train - features of the training images
   * @param clusters - number of centers, from 1 to the number of training images
   * @param options - chance, passes at most, what multiplies, abort signal
   * @returns the index
   * @throws RangeError when `clusters` is out of range
   * @throws Aborted when interrupted
   */
  static async build(train: Features, clusters: number, options: KMeansOptions = {}): Promise<KMeansIndex> {
    checkOptions("KMeansIndex.build", options, ["random", "iterations", "matrix", "signal"]);
    if (train.n === 0) throw new RangeError("K-means needs at least one training image; got none");
    integerIn("clusters", clusters, 1, train.n, "training images");
    const most = integerIn("iterations", options.iterations ?? 25, 1, 100_000);
    const { random = new Random(0), signal } = options;
    const matrix = options.matrix ?? (await loadMatrixBackend(train.n * clusters * train.d * 2));
    const products = new CenterProducts(train, matrix);
    const choosing = new ProgressMeter("choosing first centers", clusters, "centers", signal);
    const first = await firstCenters(train, clusters, { products, random, meter: choosing }).finally(() =>
      choosing.close(),
    );
    const passing = new ProgressMeter("moving centers", most, "passes", signal);
    const found = await lloyd(train, first, most, { products, meter: passing }).finally(() =>
      passing.close(),
    );
    const { d, data, provenance } = train;
    const ids = Array.from({ length: clusters }, (_, c) => `center ${c}`);
    const centers = new Features(Float32Array.from(found.centers), d, ids, { provenance });
    let inertia = 0;
    for (const [row, cluster] of found.assignments.entries()) {
      inertia += squaredDistance(data, row * d, centers.data, cluster * d, d);
    }
    return new KMeansIndex({
      centers,
      inertia,
      assignments: found.assignments,
      iterations: found.iterations,
    });
  }

  /**
   * The nearest centers of each query, by Euclidean distance.
   *
   * @param queries - features of the images to search for, made like the training features
   * @param kMax - neighbors to keep an image, from 1 to the number of centers
   * @param options - abort signal; a training image cannot be left out of the centers, so `excludeSelf` must not be true
   * @returns squared distances and rows of `centers`, nearest first
   * @throws RangeError when kMax is out of range, or the features are not comparable
   * @throws Aborted when interrupted
   */
  search(queries: Features, kMax: number, options: SearchOptions = {}): Promise<NeighborTable> {
    if (options.excludeSelf) {
      throw new RangeError(
        "excludeSelf must not be true where centers stand for training images, as an image cannot be taken out of its center; leave the option away, or use a NeighborIndex",
      );
    }
    return this.#index.search(queries, kMax, { ...options, excludeSelf: false });
  }

  override toString(): string {
    const { centers, assignments, iterations } = this;
    return `KMeansIndex: ${centers.n} centers of ${assignments.length} training images x ${centers.d}, ${iterations} passes`;
  }
}
