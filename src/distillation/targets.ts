import { integerIn } from "../core/options.js";
import { type FeatureRows, principalAxes } from "../extractors/whitening/principal-axes.js";

/** What a student learns to give for each image. */
export interface Targets {
  /** Float32Array, n x size, standard deviation 1 over all. */
  readonly data: Float32Array;
  /** Numbers in a target. */
  readonly size: number;
  /** Share of the variance of the normalised features that the targets keep, in [0, 1]. */
  readonly keptVariance: number;
}

/** What one teacher sees in the images. */
export interface TeacherView {
  /** Float32Array, n x d row-major. */
  readonly features: Float32Array;
  /** Length of a feature. */
  readonly d: number;
}

/** Several teachers are joined by this many principal components of each for every one that is kept. */
const componentsBeforeJoining = 4;

/**
 * Turns the features of one teacher or several into targets: each feature divided by its length and centred, each teacher's divided
 * by the square root of its variance, so that all have the same say; then joined, projected on the first principal components, and all
 * divided by one standard deviation, so that distances between targets are those between features.
 *
 * Of several teachers at most the first 4 x size principal components of each are joined.
 *
 * @param views - features of the same images, one array a teacher
 * @param size - number of principal components, fewer than images and at most the length of all features together
 * @param signal - aborts
 * @returns the targets
 * @throws RangeError when teachers saw different numbers of images, a feature is all zero, or size is more than the features have
 *   directions in which they vary
 * @throws Aborted when interrupted
 */
export async function makeTargets(
  views: readonly TeacherView[],
  size: number,
  signal?: AbortSignal,
): Promise<Targets> {
  const length = views.reduce((sum, { d }) => sum + d, 0);
  integerIn("size of a target", size, 1, length, "length of the teachers' features");
  const counts = views.map(({ features, d }) => features.length / d);
  if (counts.some((count) => count !== counts[0]))
    throw new RangeError(`every teacher must have seen the same images; they saw ${counts.join(", ")}`);
  if (counts[0] < 2) throw new RangeError(`targets need the features of at least 2 images; got ${counts[0]}`);
  const joined = views.length === 1 ? unitRows(views[0]) : await joinedComponents(views, size, signal);
  const { data, d, variance, totalVariance } = await principalComponents(joined, size, signal);
  if (d < size)
    throw new RangeError(
      `a target can have at most ${d} components, since the features vary in no more; got ${size}`,
    );
  const n = counts[0];
  const scale = Math.sqrt((size * n) / (variance * (n - 1)));
  for (let i = 0; i < data.length; i++) data[i] *= scale;
  return { data, size, keptVariance: variance / (views.length === 1 ? totalVariance : views.length) };
}

/** @returns features of length 1 */
function unitRows({ features, d }: TeacherView): FeatureRows {
  const n = features.length / d;
  const data = new Float32Array(features.length);
  for (let start = 0; start < features.length; start += d) {
    const factor = 1 / lengthOf(features, start, d);
    for (let j = start; j < start + d; j++) data[j] = features[j] * factor;
  }
  return { n, d, data };
}

/** @returns the first principal components of every teacher side by side, each teacher scaled so that its whole variance is 1 */
async function joinedComponents(
  views: readonly TeacherView[],
  size: number,
  signal: AbortSignal | undefined,
): Promise<FeatureRows> {
  const parts = [];
  for (const view of views)
    parts.push(await principalComponents(unitRows(view), componentsBeforeJoining * size, signal));
  const { n } = parts[0];
  const d = parts.reduce((sum, part) => sum + part.d, 0);
  const data = new Float32Array(n * d);
  let column = 0;
  for (const part of parts) {
    const scale = 1 / Math.sqrt(part.totalVariance);
    for (let i = 0; i < n; i++)
      for (let c = 0; c < part.d; c++) data[i * d + column + c] = part.data[i * part.d + c] * scale;
    column += part.d;
  }
  return { n, d, data };
}

interface Components extends FeatureRows {
  /** Variance of all components together. */
  readonly variance: number;
  /** That of the rows they are of. */
  readonly totalVariance: number;
}

/** @returns the first `most` principal components of the rows, fewer where the rows vary in fewer directions */
async function principalComponents(
  rows: FeatureRows,
  most: number,
  signal: AbortSignal | undefined,
): Promise<Components> {
  const { mean, axes, variances, totalVariance } = await principalAxes(rows, signal);
  const { n } = rows;
  const d = Math.min(most, variances.length);
  const data = new Float32Array(n * d);
  const row = new Float64Array(rows.d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < rows.d; j++) row[j] = rows.data[i * rows.d + j] - mean[j];
    for (let c = 0; c < d; c++) {
      let dot = 0;
      for (let j = 0, a = c * rows.d; j < rows.d; j++, a++) dot += row[j] * axes[a];
      data[i * d + c] = dot;
    }
  }
  return { n, d, data, variance: variances.subarray(0, d).reduce((sum, v) => sum + v, 0), totalVariance };
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
