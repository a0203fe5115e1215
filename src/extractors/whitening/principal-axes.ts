import { ProgressMeter } from "../../core/progress.js";
import type { Features } from "../features.js";
import { findEigenvectors } from "./eigenvectors.js";

/** The directions in which features vary, and how much. */
export interface PrincipalAxes {
  /** Float64Array of d: the mean feature. */
  readonly mean: Float64Array;
  /** Float64Array: variance along each axis (divided by n - 1), largest first, zeros left out. */
  readonly variances: Float64Array;
  /** Float32Array, axes x d row-major: unit vectors, the largest entry of each positive. */
  readonly axes: Float32Array;
  /** Sum over the features of their variance. */
  readonly totalVariance: number;
  /** Share of the covariance that the rule of Ledoit and Wolf replaces by equal variances, 0 to 1. */
  readonly ledoitWolf: number;
}

/** Features without names: n rows of d values. */
export type FeatureRows = Pick<Features, "n" | "d" | "data">;

/** So many rows and columns of them stay in a processor's cache. Both are even, as rows are taken two by two. */
const [blockRows, blockColumns] = [64, 512];

/** Below this share of the largest variance a variance is the rounding of zero. */
const zeroVariance = 1e-12;

/**
 * Finds the principal axes of features, from whichever of the n x n products of images and the d x d covariance is smaller.
 *
 * @param features - at least two rows
 * @param signal - aborts
 * @returns the axes
 * @throws Aborted when interrupted
 * @see Ledoit and Wolf 2004, "A well-conditioned estimator for large-dimensional covariance matrices"
 */
export async function principalAxes(features: FeatureRows, signal?: AbortSignal): Promise<PrincipalAxes> {
  const { n, d } = features;
  const mean = meanOf(features);
  const centered = new Float64Array(n * d);
  for (let i = 0; i < n * d; i++) centered[i] = features.data[i] - mean[i % d];
  const fromImages = n <= d;
  const [rows, side, length] = fromImages ? [centered, n, d] : [transposed(centered, n, d), d, n];
  const products = await productsOfRows(rows, side, length, signal);
  let [total, squares, fourth] = [0, 0, 0];
  for (let i = 0; i < side; i++) total += products[i * side + i];
  for (const value of products) squares += value * value;
  for (let i = 0; i < n; i++) fourth += squaredLength(centered, i * d, d) ** 2;
  const { values, vectors } = await findEigenvectors(products, side, signal);
  const rank = values.findIndex((value) => !(value > zeroVariance * values[0]));
  const count = Math.min(rank < 0 ? side : rank, n - 1);
  const axes = new Float32Array(count * d);
  for (let a = 0; a < count; a++) {
    const vector = vectors.subarray(a * side, (a + 1) * side);
    axes.set(unit(fromImages ? combined(centered, vector, d) : vector), a * d);
  }
  return {
    mean,
    variances: values.slice(0, count).map((value) => value / (n - 1)),
    axes,
    totalVariance: total / (n - 1),
    ledoitWolf: ledoitWolf(n, d, { total: total / n, squares: squares / n ** 2, fourth }),
  };
}

/** The optimal share, from sums over X'X / n of its diagonal and its squares, and over images of |x|^4. */
function ledoitWolf(
  n: number,
  d: number,
  { total, squares, fourth }: { readonly total: number; readonly squares: number; readonly fourth: number },
): number {
  const distance = (squares - total ** 2 / d) / d;
  const error = Math.min((fourth / n - squares) / (d * n), distance);
  return distance > 0 && error > 0 ? error / distance : 0;
}

function meanOf({ n, d, data }: FeatureRows): Float64Array {
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] += data[i * d + j];
  return mean.map((sum) => sum / n);
}

function transposed(matrix: Float64Array, n: number, d: number): Float64Array {
  const turned = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) turned[j * n + i] = matrix[i * d + j];
  return turned;
}

async function productsOfRows(
  rows: Float64Array,
  n: number,
  d: number,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const products = new Float64Array(n * n);
  const meter = new ProgressMeter("measuring covariances", n, "rows", signal);
  try {
    for (let first = 0; first < n; first += blockRows) {
      const end = Math.min(n, first + blockRows);
      for (let from = 0; from < d; from += blockColumns) {
        addProducts(products, rows, { first, end, n, d, from, to: Math.min(d, from + blockColumns) });
      }
      await meter.add(end - first);
    }
  } finally {
    meter.close();
  }
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) products[i * n + j] = products[j * n + i];
  return products;
}

interface ProductBlock {
  readonly first: number;
  readonly end: number;
  readonly n: number;
  readonly d: number;
  readonly from: number;
  readonly to: number;
}

/** Adds what some columns give to the products of some rows with all up to the diagonal, two by two rows at a time. */
function addProducts(
  products: Float64Array,
  rows: Float64Array,
  { first, end, n, d, from, to }: ProductBlock,
): void {
  for (let j = 0; j < end; j += 2) {
    const [q, s] = [j * d, Math.min(j + 1, n - 1) * d];
    for (let i = Math.max(first, j); i < end; i += 2) {
      const [p, r] = [i * d, Math.min(i + 1, n - 1) * d];
      let [a, b, c, e] = [0, 0, 0, 0];
      for (let column = from; column < to; column++) {
        const [x, y, u, v] = [rows[p + column], rows[r + column], rows[q + column], rows[s + column]];
        a += x * u;
        b += x * v;
        c += y * u;
        e += y * v;
      }
      products[i * n + j] += a;
      if (j + 1 < n && j + 1 <= i) products[i * n + j + 1] += b;
      if (i + 1 < end) {
        products[(i + 1) * n + j] += c;
        if (j + 1 < n) products[(i + 1) * n + j + 1] += e;
      }
    }
  }
}

function combined(rows: Float64Array, weights: Float64Array, d: number): Float64Array {
  const sum = new Float64Array(d);
  weights.forEach((weight, i) => {
    for (let j = 0; j < d; j++) sum[j] += weight * rows[i * d + j];
  });
  return sum;
}

function squaredLength(values: Float64Array, start: number, d: number): number {
  let sum = 0;
  for (let j = start; j < start + d; j++) sum += values[j] * values[j];
  return sum;
}

function unit(direction: Float64Array): Float64Array {
  const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  const factor = Math.sign(largest) / Math.sqrt(squaredLength(direction, 0, direction.length));
  return direction.map((value) => value * factor);
}
