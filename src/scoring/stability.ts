import { checkOptions, integerIn } from "../core/options.js";
import type { Random } from "../core/random.js";
import type { Features } from "../extractors/features.js";
import { NeighborIndex } from "../neighbors/neighbor-index.js";
import type { ScoreOptions } from "../neighbors/neighbor-table.js";

/** Options of `stabilityByK`. */
export interface StabilityOptions extends ScoreOptions {
  /** Largest k, default 20 or what half of the training images allow. */
  readonly kMax?: number;
  /** Random halvings of the training images, default 5. */
  readonly repeats?: number;
  /** Aborts the searches. */
  readonly signal?: AbortSignal;
}

/** Stability of the ranking for every k; position k - 1 belongs to k. */
export interface StabilityByK {
  /** Float64Array: mean rank correlation of the scores by two halves of the training images. */
  readonly correlation: Float64Array;
  /** Float64Array: standard error over the halvings. */
  readonly standardError: Float64Array;
  /** The smallest k whose correlation is within one standard error of the largest. */
  readonly k: number;
}

/**
 * Which k ranks images alike whatever normal images one happens to have: a criterion that needs no anomaly and no label.
 *
 * The training images are halved at random, the images are scored by either half, and the two rankings are correlated
 * (Spearman). It prefers k whose scores depend little on single training images; it does not know anomalies, and a k that is
 * stable may still be worse at finding them.
 *
 * @param train - features of normal training images
 * @param images - features of the images to rank, at least three; unlabelled
 * @param random - source of chance
 * @param options - largest k, halvings, distance and statistic
 * @returns correlation for every k with its standard error, and the smallest k that is about as stable as the best
 * @throws RangeError when kMax exceeds half of the training images, or there are too few images
 * @throws Aborted when interrupted
 */
export async function stabilityByK(
  train: Features,
  images: Features,
  random: Random,
  options: StabilityOptions = {},
): Promise<StabilityByK> {
  checkOptions("stabilityByK", options, ["kMax", "repeats", "distance", "statistic", "signal"]);
  const half = Math.floor(train.n / 2);
  const { kMax = Math.min(20, half), repeats = 5, signal, ...scoring } = options;
  integerIn("kMax", kMax, 1, half, "half of the training images");
  integerIn("repeats", repeats, 2, 10_000);
  if (images.n < 3) throw new RangeError(`a ranking needs at least three images; got ${images.n}`);
  const found: number[][] = [];
  for (let r = 0; r < repeats; r++) {
    const order = random.sample(train.n, 2 * half);
    const tables = [];
    for (const rows of [order.slice(0, half), order.slice(half)]) {
      const index = new NeighborIndex(train.subset(rows));
      tables.push(await index.search(images, kMax, { signal, excludeSelf: false }));
    }
    const [a, b] = tables;
    found.push(
      Array.from({ length: kMax }, (_, i) =>
        rankCorrelation(a.scores(i + 1, scoring).values, b.scores(i + 1, scoring).values),
      ),
    );
  }
  const correlation = new Float64Array(kMax);
  const standardError = new Float64Array(kMax);
  for (let i = 0; i < kMax; i++) {
    const mean = found.reduce((sum, row) => sum + row[i], 0) / repeats;
    const squares = found.reduce((sum, row) => sum + (row[i] - mean) ** 2, 0);
    correlation[i] = mean;
    standardError[i] = Math.sqrt(squares / (repeats - 1) / repeats);
  }
  const best = correlation.indexOf(Math.max(...correlation));
  const enough = correlation[best] - standardError[best];
  return { correlation, standardError, k: 1 + correlation.findIndex((value) => value >= enough) };
}

/**
 * Spearman's rank correlation, equal values sharing their mean rank.
 *
 * @param a - numbers
 * @param b - as many numbers
 * @returns from -1 to 1; 0 where either has no spread
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (x.length - 1) / 2;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += (x[i] - middle) ** 2;
    yy += (y[i] - middle) ** 2;
    xy += (x[i] - middle) * (y[i] - middle);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const found = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) found[order[i]] = (from + to - 1) / 2;
    from = to;
  }
  return found;
}
