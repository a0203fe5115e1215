import type { ProgressMeter } from "../../core/progress.js";
import type { Features } from "../../extractors/features.js";
import type { CenterProducts } from "./center-products.js";

/** Centers and which of them each row belongs to. */
export interface Clustering {
  /** Float64Array, clusters x d row-major: the mean of each cluster's rows. */
  readonly centers: Float64Array;
  /** Int32Array: the cluster of each row; no cluster is empty. */
  readonly assignments: Int32Array;
  /** Passes over the rows. */
  readonly iterations: number;
}

/**
 * Improves centers by Lloyd's algorithm: rows join the nearest center, centers move to the mean of their rows. A center
 * that no row is nearest to takes the row farthest from its own center. Ends when no row changes its cluster.
 *
 * @param train - the rows
 * @param first - Float64Array, clusters x d: the centers to begin with; overwritten
 * @param most - passes at most
 * @param tools - the products, and the meter, which counts passes
 * @returns the clustering
 * @see Lloyd 1982, "Least squares quantization in PCM"
 */
export async function lloyd(
  train: Features,
  first: Float64Array,
  most: number,
  { products, meter }: { products: CenterProducts; meter: ProgressMeter },
): Promise<Clustering> {
  const { n, d } = train;
  const clusters = first.length / d;
  const assignments = new Int32Array(n).fill(-1);
  const distances = new Float64Array(n);
  const sums = new ClusterSums(train, clusters);
  let iterations = 0;
  for (; iterations < most; iterations++) {
    let changed = 0;
    await products.eachBlock(first, clusters, async (keys, firstRow, rows) => {
      for (let i = 0, at = 0; i < rows; i++, at += clusters) {
        const row = firstRow + i;
        let best = assignments[row] < 0 ? 0 : assignments[row];
        for (let c = 0; c < clusters; c++) if (keys[at + c] < keys[at + best]) best = c;
        distances[row] = products.squaredNorms[row] + keys[at + best];
        if (best === assignments[row]) continue;
        sums.move(row, assignments[row], best);
        assignments[row] = best;
        changed++;
      }
      await meter.add(0);
    });
    changed += fillEmpty(sums, assignments, distances);
    sums.means(first);
    await meter.add(1);
    if (changed === 0) break;
  }
  return { centers: first, assignments, iterations };
}

/** Sums of the rows of each cluster, kept up to date as rows move. */
class ClusterSums {
  readonly counts: Int32Array;
  readonly #sums: Float64Array;
  readonly #train: Features;

  constructor(train: Features, clusters: number) {
    this.#train = train;
    this.counts = new Int32Array(clusters);
    this.#sums = new Float64Array(clusters * train.d);
  }

  move(row: number, from: number, to: number): void {
    const { d, data } = this.#train;
    const sums = this.#sums;
    const start = row * d;
    const target = to * d;
    for (let j = 0; j < d; j++) sums[target + j] += data[start + j];
    this.counts[to]++;
    if (from < 0) return;
    const source = from * d;
    for (let j = 0; j < d; j++) sums[source + j] -= data[start + j];
    this.counts[from]--;
  }

  means(centers: Float64Array): void {
    const { d } = this.#train;
    for (let at = 0; at < centers.length; at++)
      centers[at] = this.#sums[at] / this.counts[Math.floor(at / d)];
  }
}

function fillEmpty(sums: ClusterSums, assignments: Int32Array, distances: Float64Array): number {
  const empty = Array.from(sums.counts.keys()).filter((c) => sums.counts[c] === 0);
  for (const cluster of empty) {
    let farthest = -1;
    for (let row = 0; row < distances.length; row++) {
      if (sums.counts[assignments[row]] < 2) continue;
      if (farthest < 0 || distances[row] > distances[farthest]) farthest = row;
    }
    sums.move(farthest, assignments[farthest], cluster);
    assignments[farthest] = cluster;
    distances[farthest] = Number.NEGATIVE_INFINITY;
  }
  return empty.length;
}
