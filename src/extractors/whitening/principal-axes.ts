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
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let a = i * d, b = j * d; a < (i + 1) * d; a++, b++) sum += rows[a] * rows[b];
        products[i * n + j] = sum;
        products[j * n + i] = sum;
      }
      await meter.add(1);
    }
  } finally {
    meter.close();
  }
  return products;
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
