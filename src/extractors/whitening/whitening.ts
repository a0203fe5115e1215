import { createHash } from "node:crypto";
import { Displayable } from "../../core/display.js";
import { checkOptions, integerIn } from "../../core/options.js";
import { ProgressMeter } from "../../core/progress.js";
import { loadMatrixBackend } from "../../engines/index.js";
import { Features, requireComparable } from "../features.js";
import { type PrincipalAxes, principalAxes } from "./principal-axes.js";

/** Options of `Whitening.fit`. */
export interface WhiteningOptions {
  /**
   * Principal components to keep, those of the largest variance. Default: with shrinkage all d features, as in a Mahalanobis
   * distance; without shrinkage every direction in which the training features vary.
   */
  readonly components?: number;
  /**
   * Share of the covariance that is replaced by equal variances in all directions, from 0 to 1, so that directions which few
   * images show do not count too much. Default "ledoit-wolf": chosen from the training features alone.
   */
  readonly shrinkage?: number | "ledoit-wolf";
  /** Aborts. */
  readonly signal?: AbortSignal;
}

const blockRows = 1024;

/**
 * Brings features to equal variance in all directions, as the training features vary: distances between whitened features are
 * Mahalanobis distances. Beyond the published method.
 *
 * With variances v of the training features along their principal axes, shrunk to v' = (1 - s) v + s mean(v), each coordinate is
 * divided by sqrt(v'). Fitted on normal training images only; the same images give the same whitening.
 *
 * @see Rippel, Mertens and Merhof 2020, "Modeling the distribution of normal data in pre-trained deep features"; Ledoit and Wolf 2004
 */
export class Whitening extends Displayable {
  /** Number of training images that it was fitted on. */
  readonly images: number;
  /** Features that an image has afterwards. */
  readonly dimensions: number;
  /** Share of the covariance that was replaced by equal variances. */
  readonly shrinkage: number;
  /** Share of the variance of the training features that lies in the directions kept. */
  readonly explained: number;
  readonly #train: Pick<Features, "d" | "provenance">;
  readonly #mean: Float64Array;
  readonly #axes: Float32Array;
  readonly #factors: Float64Array;
  /** What directions beside the axes are multiplied by; undefined where only coordinates along the axes are kept. */
  readonly #rest: number | undefined;
  readonly #step: string;

  private constructor(train: Features, axes: PrincipalAxes, kept: number | undefined, shrinkage: number) {
    super();
    const { d } = train;
    const count = kept ?? axes.variances.length;
    const equal = (shrinkage * axes.totalVariance) / d;
    const whole = kept === undefined && shrinkage > 0;
    this.images = train.n;
    this.dimensions = whole ? d : count;
    this.shrinkage = shrinkage;
    this.explained = axes.variances.slice(0, count).reduce((sum, v) => sum + v, 0) / axes.totalVariance;
    this.#train = { d, provenance: train.provenance };
    this.#mean = axes.mean;
    this.#axes = axes.axes.subarray(0, count * d);
    this.#factors = axes.variances.slice(0, count).map((v) => 1 / Math.sqrt((1 - shrinkage) * v + equal));
    this.#rest = whole ? 1 / Math.sqrt(equal) : undefined;
    const hash = createHash("sha256").update(this.#mean).update(this.#axes).update(this.#factors);
    this.#step = `whitened (${this.dimensions} of ${d}, shrinkage ${shrinkage.toPrecision(3)}, fit ${hash.digest("hex").slice(0, 8)})`;
  }

  /**
   * Fits a whitening to the features of normal training images. Memory: 16 bytes for each number of the features, and for each
   * of min(n, d) squared.
   *
   * @param train - features of at least two different training images, n x d; fewer images than features are enough
   * @param options - components, shrinkage, abort signal
   * @returns the whitening
   * @throws RangeError when the features do not vary, or more components are asked for than they vary in
   * @throws Aborted when interrupted
   */
  static async fit(train: Features, options: WhiteningOptions = {}): Promise<Whitening> {
    checkOptions("Whitening.fit", options, ["components", "shrinkage", "signal"]);
    const { components, shrinkage = "ledoit-wolf", signal } = options;
    if (shrinkage !== "ledoit-wolf" && !(shrinkage >= 0 && shrinkage <= 1)) {
      throw new RangeError(`shrinkage must be "ledoit-wolf" or a number from 0 to 1; got ${shrinkage}`);
    }
    if (components !== undefined) integerIn("components", components, 1, train.d, "features an image");
    if (train.n < 2) {
      throw new RangeError(`a whitening needs at least two training images; got ${train.n}: add some`);
    }
    const axes = await principalAxes(train, signal);
    const rank = axes.variances.length;
    if (rank === 0) {
      throw new RangeError(
        `a whitening needs training images that differ; all ${train.n} have the same features: add other images`,
      );
    }
    if (components !== undefined && components > rank) {
      throw new RangeError(
        `components must be at most ${rank}, the number of directions in which ${train.n} training images vary; got ${components}`,
      );
    }
    const share = shrinkage === "ledoit-wolf" ? axes.ledoitWolf : shrinkage;
    return new Whitening(train, axes, components, share);
  }

  /**
   * Whitens features, n x d.
   *
   * @param features - features made like the training features
   * @returns n x `dimensions`; comparable only with what this whitening gave
   * @throws RangeError when the features were made otherwise
   * @throws Aborted when interrupted
   */
  async apply(features: Features): Promise<Features> {
    requireComparable(this.#train, features, "the training features of the whitening", "the features");
    const { n, d, ids, images, provenance } = features;
    const [count, out] = [this.#factors.length, this.dimensions];
    const matrix = await loadMatrixBackend(2 * n * d * count);
    const across = matrix.loadRows(this.#axes, count, d);
    const back =
      this.#rest === undefined ? undefined : matrix.loadRows(transposed(this.#axes, count, d), d, count);
    const meter = new ProgressMeter("whitening", n, "images");
    const whitened = new Float32Array(n * out);
    try {
      for (let from = 0; from < n; from += blockRows) {
        const rows = Math.min(n, from + blockRows) - from;
        const centered = this.#centered(features.data.subarray(from * d, (from + rows) * d));
        const along = this.#scaled(await across.products(centered, rows));
        const block = whitened.subarray(from * out, (from + rows) * out);
        if (back === undefined) block.set(along);
        else {
          const rest = this.#rest as number;
          const turned = await back.products(along, rows);
          for (let i = 0; i < block.length; i++) block[i] = rest * centered[i] + turned[i];
        }
        await meter.add(rows);
      }
    } finally {
      meter.close();
      across.dispose();
      back?.dispose();
    }
    const steps = [...(provenance.steps ?? []), this.#step];
    return new Features(whitened, out, ids, { images, provenance: { ...provenance, steps } });
  }

  override toString(): string {
    const { images, dimensions, shrinkage, explained } = this;
    return `Whitening: ${dimensions} features from ${this.#train.d}, fitted on ${images} images, shrinkage ${shrinkage.toFixed(3)}, ${(100 * explained).toFixed(1)} % of the variance`;
  }

  #centered(rows: Float32Array): Float32Array {
    const { d } = this.#train;
    return rows.map((value, i) => value - this.#mean[i % d]);
  }

  /** Coordinates along the axes times their factors; where all features are kept, less what the rest does to them anyway. */
  #scaled(along: Float32Array): Float32Array {
    const count = this.#factors.length;
    const factors = this.#factors.map((factor) => factor - (this.#rest ?? 0));
    return along.map((value, i) => value * factors[i % count]);
  }
}

function transposed(axes: Float32Array, count: number, d: number): Float32Array {
  const turned = new Float32Array(count * d);
  for (let a = 0; a < count; a++) for (let j = 0; j < d; j++) turned[j * count + a] = axes[a * d + j];
  return turned;
}
