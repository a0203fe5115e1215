import { createRequire } from "node:module";
import type { Random } from "../core/random.js";
import type { Features } from "../extractors/features.js";

/** The two directions in which features vary most. */
export interface PrincipalPlane {
  /** Share of the variance in each direction, as fractions. */
  readonly explained: readonly [number, number];
  /**
   * @param row - d features
   * @returns the coordinates in the plane, in feature units from the mean
   */
  project(row: Float32Array): [number, number];
}

const require = createRequire(import.meta.url);
const mostRows = 300;

/**
 * The first two principal components of features, from at most 300 rows drawn at random.
 *
 * @param features - at least two rows
 * @param random - draws the rows
 * @returns the plane; of each direction the largest entry is positive
 */
export function principalPlane(features: Features, random: Random): PrincipalPlane {
  const { EigenvalueDecomposition, Matrix } = require("ml-matrix") as typeof import("ml-matrix");
  const { n, d } = features;
  const chosen = n <= mostRows ? Array.from({ length: n }, (_, i) => i) : random.sample(n, mostRows).sort();
  const centered = Matrix.zeros(chosen.length, d);
  const mean = new Float64Array(d);
  chosen.forEach((i) => {
    const row = features.row(i);
    for (let j = 0; j < d; j++) mean[j] += row[j] / chosen.length;
  });
  chosen.forEach((i, at) => {
    const row = features.row(i);
    for (let j = 0; j < d; j++) centered.set(at, j, row[j] - mean[j]);
  });
  const wide = d > chosen.length;
  const gram = wide ? centered.mmul(centered.transpose()) : centered.transpose().mmul(centered);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(gram, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const total = realEigenvalues.reduce((sum, value) => sum + Math.max(0, value), 0) || 1;
  const axes = [order[0], order[1] ?? order[0]].map((at, axis) => {
    const vector = eigenvectorMatrix.getColumnVector(at);
    const direction = wide ? centered.transpose().mmul(vector) : vector;
    return axis < order.length ? unit(direction.to1DArray()) : new Float64Array(d);
  });
  const share = (axis: number) => Math.max(0, realEigenvalues[order[axis]] ?? 0) / total;
  return {
    explained: [share(0), share(1)],
    project: (row) => [along(row, mean, axes[0]), along(row, mean, axes[1])],
  };
}

function unit(direction: readonly number[]): Float64Array {
  const length = Math.hypot(...direction);
  const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  const factor = length > 0 ? (largest < 0 ? -1 : 1) / length : 0;
  return Float64Array.from(direction, (value) => value * factor);
}

function along(row: Float32Array, mean: Float64Array, axis: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < row.length; j++) sum += (row[j] - mean[j]) * axis[j];
  return sum;
}
