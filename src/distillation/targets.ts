import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { integerIn } from "../core/options.js";

/** What a student learns to give for each image. */
export interface Targets {
  /** Float32Array, n x size, standard deviation 1 over all. */
  readonly data: Float32Array;
  /** Numbers in a target. */
  readonly size: number;
  /** Share of the variance of the normalised features that the targets keep, in [0, 1]. */
  readonly keptVariance: number;
}

/**
 * Turns a teacher's features into targets: each feature divided by its length, centred, projected on the first principal
 * components, and all divided by one standard deviation, so that distances between targets are those between features.
 *
 * @param features - Float32Array, n x d row-major
 * @param d - length of a feature
 * @param size - number of principal components, at most d
 * @returns the targets
 * @throws RangeError when there are fewer than two features, a feature is all zero, or size exceeds d
 */
export function makeTargets(features: Float32Array, d: number, size: number): Targets {
  integerIn("size of a target", size, 1, d, "length of the teacher's feature");
  const n = features.length / d;
  if (n < 2) throw new RangeError(`targets need the features of at least 2 images; got ${n}`);
  const rows = centered(normalized(features, d), d);
  const decomposition = new EigenvalueDecomposition(covariance(rows, d), { assumeSymmetric: true });
  const values = decomposition.realEigenvalues;
  const order = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
  const axes = orientedAxes(decomposition.eigenvectorMatrix, order.slice(0, size));
  const kept = order.slice(0, size).reduce((sum, i) => sum + values[i], 0);
  const all = values.reduce((sum, value) => sum + value, 0);
  const scale = 1 / Math.sqrt(kept / size);
  const data = new Float32Array(n * size);
  for (let i = 0; i < n; i++) {
    const row = rows.subarray(i * d, (i + 1) * d);
    for (let c = 0; c < size; c++) {
      const axis = axes[c];
      let dot = 0;
      for (let j = 0; j < d; j++) dot += row[j] * axis[j];
      data[i * size + c] = dot * scale;
    }
  }
  return { data, size, keptVariance: kept / all };
}

/**
 * Targets without a loss: each feature divided by its length, centred, and all divided by one standard deviation. The features
 * themselves are changed, so that nothing more is in memory.
 *
 * @param features - Float32Array, n x d row-major; holds the targets afterwards
 * @param d - length of a feature
 * @returns the targets
 * @throws RangeError when there are fewer than two features, a feature is all zero, or all are the same
 */
export function wholeTargets(features: Float32Array, d: number): Targets {
  const n = features.length / d;
  if (n < 2) throw new RangeError(`targets need the features of at least 2 images; got ${n}`);
  const mean = new Float64Array(d);
  for (let start = 0; start < features.length; start += d) {
    const factor = 1 / lengthOf(features, start, d);
    for (let j = 0; j < d; j++) {
      features[start + j] *= factor;
      mean[j] += features[start + j] / n;
    }
  }
  let squares = 0;
  for (let i = 0; i < features.length; i++) {
    features[i] -= mean[i % d];
    squares += features[i] ** 2;
  }
  if (squares === 0)
    throw new RangeError("the teacher's features must differ from image to image; all are the same");
  const scale = 1 / Math.sqrt(squares / features.length);
  for (let i = 0; i < features.length; i++) features[i] *= scale;
  return { data: features, size: d, keptVariance: 1 };
}

function lengthOf(features: Float32Array, start: number, d: number): number {
  let sum = 0;
  for (let j = start; j < start + d; j++) sum += features[j] * features[j];
  if (!(sum > 0)) throw new RangeError(`the teacher's feature ${start / d} must not be all zero`);
  return Math.sqrt(sum);
}

function normalized(features: Float32Array, d: number): Float32Array {
  const rows = new Float32Array(features.length);
  for (let start = 0; start < features.length; start += d) {
    const factor = 1 / lengthOf(features, start, d);
    for (let j = start; j < start + d; j++) rows[j] = features[j] * factor;
  }
  return rows;
}

function centered(rows: Float32Array, d: number): Float32Array {
  const n = rows.length / d;
  const mean = new Float64Array(d);
  for (let i = 0; i < rows.length; i++) mean[i % d] += rows[i] / n;
  return rows.map((value, i) => value - mean[i % d]);
}

function covariance(rows: Float32Array, d: number): Matrix {
  const n = rows.length / d;
  const sums = Array.from({ length: d }, () => new Float64Array(d));
  const blockRows = 256;
  const columns = new Float64Array(d * blockRows);
  for (let start = 0; start < n; start += blockRows) {
    const count = Math.min(blockRows, n - start);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < d; j++) columns[j * blockRows + i] = rows[(start + i) * d + j];
    }
    for (let a = 0; a < d; a++) {
      for (let b = a; b < d; b++) {
        let sum = 0;
        for (let i = 0, p = a * blockRows, q = b * blockRows; i < count; i++, p++, q++) {
          sum += columns[p] * columns[q];
        }
        sums[a][b] += sum;
      }
    }
  }
  const matrix = new Matrix(d, d);
  for (let a = 0; a < d; a++) {
    for (let b = a; b < d; b++) {
      matrix.set(a, b, sums[a][b] / n);
      matrix.set(b, a, sums[a][b] / n);
    }
  }
  return matrix;
}

/** @returns columns of the matrix, each turned so that its largest entry is positive: a decomposition leaves the sign open */
function orientedAxes(vectors: Matrix, columns: readonly number[]): Float64Array[] {
  return columns.map((column) => {
    const axis = Float64Array.from(vectors.getColumn(column));
    let largest = 0;
    for (let j = 0; j < axis.length; j++) if (Math.abs(axis[j]) > Math.abs(axis[largest])) largest = j;
    return axis[largest] < 0 ? axis.map((value) => -value) : axis;
  });
}
