import { ProgressMeter } from "../core/progress.js";
import { loadMatrixBackend } from "../engines/index.js";
import type { Features } from "../extractors/features.js";
import { requireComparable } from "../extractors/features.js";

const blockRows = 512;
const trainBytes = 256 * 1024 * 1024;

/**
 * Visits the squared Euclidean distances of every query to every training image, one query at a time.
 *
 * |q|^2 + |t|^2 - 2 q.t from float32 products of rows moved to the training mean: a relative error of about 1e-5, which does
 * for curves over random subsets; the search of `NeighborIndex` is exact. Memory: a copy of the training features (which
 * must be below 256 MB) and of 512 queries, and 512 x n products.
 *
 * @param train - features of n training images
 * @param queries - features of the images to visit
 * @param visit - receives the position of a query and Float64Array of n distances, overwritten by the next visit
 * @param options - `label`: of the progress; `signal`: aborts between blocks
 * @throws RangeError when the features are not comparable or the training features too large
 * @throws Aborted when interrupted
 */
export async function visitDistances(
  train: Features,
  queries: Features,
  visit: (query: number, distances: Float64Array) => void,
  options: { readonly label: string; readonly signal?: AbortSignal },
): Promise<void> {
  requireComparable(train, queries, "the training features", "the queries");
  const { n, d } = train;
  if (train.data.byteLength > trainBytes) {
    throw new RangeError(
      `distances to all training images need at most ${trainBytes / d / 4} training images of ${d} features; got ${n}; take fewer, for example with limitTrain`,
    );
  }
  const mean = meanRow(train);
  const matrix = await loadMatrixBackend(n * queries.n * d);
  const moved = movedRows(train.data, mean);
  const loaded = matrix.loadRows(moved.rows, n, d);
  const distances = new Float64Array(n);
  const meter = new ProgressMeter(options.label, queries.n, "images", options.signal);
  try {
    for (let from = 0; from < queries.n; from += blockRows) {
      const to = Math.min(queries.n, from + blockRows);
      const asked = movedRows(queries.data.subarray(from * d, to * d), mean);
      const products = await loaded.products(asked.rows, to - from);
      for (let i = 0; i < to - from; i++) {
        for (let j = 0, at = i * n; j < n; j++, at++) {
          distances[j] = Math.max(0, asked.norms[i] + moved.norms[j] - 2 * products[at]);
        }
        visit(from + i, distances);
      }
      await meter.add(to - from);
    }
  } finally {
    loaded.dispose();
    meter.close();
  }
}

function meanRow({ data, n, d }: Features): Float64Array {
  const mean = new Float64Array(d);
  for (let i = 0; i < data.length; i++) mean[i % d] += data[i];
  return mean.map((sum) => sum / n);
}

function movedRows(data: Float32Array, mean: Float64Array): { rows: Float32Array; norms: Float64Array } {
  const d = mean.length;
  const rows = new Float32Array(data.length);
  const norms = new Float64Array(data.length / d);
  for (let i = 0, at = 0; i < norms.length; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++, at++) {
      rows[at] = data[at] - mean[j];
      sum += rows[at] * rows[at];
    }
    norms[i] = sum;
  }
  return { rows, norms };
}
