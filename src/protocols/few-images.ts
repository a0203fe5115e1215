import { checkOptions, integerIn, oneOf } from "../core/options.js";
import { Random } from "../core/random.js";
import type { Features } from "../extractors/features.js";
import { NeighborIndex } from "../neighbors/index.js";
import type { ScoreOptions } from "../scoring/index.js";
import { axisValues, type CurveResult, PointCollector } from "./curves.js";
import { visitDistances } from "./distance-rows.js";
import { type ProtocolInputs, type ProtocolOptions, protocolInputs } from "./inputs.js";
import { whitenedBy } from "./normalization.js";

/** Options of `fewImages`. */
export interface FewImagesOptions extends ProtocolOptions {
  /** Numbers of training images, default 2, 5, 10, 20, 50, 100, 200, 500, 1000 and so on as far as the classes reach. */
  readonly sizes?: readonly number[];
  /** Random subsets of each size, default 5. */
  readonly repeats?: number;
  /** "nested" (the default): a repetition's smaller subsets lie in its larger ones; "independent": each is drawn anew. */
  readonly subsets?: "nested" | "independent";
}

const usualSizes = [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/**
 * The experiment with few training images: unimodal, with random subsets of each class's training images.
 *
 * The distances of every test image to a class's training images are computed once; subsets are read off them. Whitened features
 * are others for every subset, by which they are whitened, and searched for each.
 *
 * @param train - features of the training images, with their images
 * @param test - features of the test images, with their images
 * @param options - sizes, repetitions, k (at most the size counts), distance, normalisation, classes, seed
 * @returns one curve: mean ROCAUC for each number of training images, with interval and spreads
 * @throws RangeError when a size exceeds a class's training images, or ROCAUC is undefined
 * @throws Aborted when interrupted
 * @see Bergman, Cohen and Hoshen 2020, section 4.5
 */
export async function fewImages(
  train: Features,
  test: Features,
  options: FewImagesOptions = {},
): Promise<CurveResult> {
  const { sizes: wanted, repeats = 5, subsets = "nested", ...rest } = options;
  const inputs = protocolInputs("few-images", train, test, { ...rest, k: 1 });
  const k = integerIn("k", options.k ?? 2, 1, Number.MAX_SAFE_INTEGER);
  integerIn("repeats", repeats, 1, 10_000);
  oneOf("subsets", subsets, ["nested", "independent"]);
  checkOptions("few-images", inputs.scoring, ["distance", "statistic"]);
  const isWhitened = inputs.normalization === "whitened";
  const least = isWhitened ? 2 : 1;
  const smallest = Math.min(...inputs.classes.map(({ rows }) => rows.length));
  const sizes = axisValues(
    "sizes",
    wanted ?? usualSizes.filter((size) => size <= smallest),
    (size) => Number.isInteger(size) && size >= least && size <= smallest,
    `whole numbers from ${least} to ${smallest} (training images of the smallest class)`,
  );
  const points = sizes.map(() => new PointCollector());
  const addAll = (scores: readonly (readonly Float64Array[])[], isAnomaly: Uint8Array) =>
    scores.forEach((ofSizes, r) => {
      ofSizes.forEach((values, s) => {
        points[s].add(r, values, isAnomaly, inputs.testImages.labels);
      });
    });
  const random = new Random(inputs.seed);
  for (const { name, rows, isAnomaly } of inputs.classes) {
    const draws = Array.from({ length: repeats }, (_, r) =>
      subsetWalks(rows.length, sizes, subsets, random.fork(`${name} ${r}`)),
    );
    const scores = draws.map(() => sizes.map(() => new Float64Array(test.n)));
    if (isWhitened) {
      await whitenedSubsets(inputs, rows, k, draws, scores);
      addAll(scores, isAnomaly);
      continue;
    }
    const best = new NearestSoFar(k, inputs.scoring);
    await visitDistances(
      inputs.train.subset(rows),
      inputs.test,
      (query, distances) => {
        for (let r = 0; r < draws.length; r++) {
          for (const { order, stops } of draws[r]) {
            best.clear();
            let at = 0;
            for (const { size, index } of stops) {
              for (; at < size; at++) best.offer(distances[order[at]]);
              scores[r][index][query] = best.score();
            }
          }
        }
      },
      { label: `subsets of ${name}`, signal: inputs.signal },
    );
    addAll(scores, isAnomaly);
  }
  const few = sizes.filter((size) => size < k);
  return {
    xLabel: "training images",
    classes: inputs.classes.map(({ name }) => name),
    repeats,
    curves: [{ name: "DN2", points: points.map((point, i) => point.point(sizes[i])) }],
    definitions: [
      `each figure is the mean over the normal classes and ${repeats} random subsets of their training images, ${subsets === "nested" ? "smaller ones inside larger ones" : "each drawn on its own"}`,
      ...(few.length > 0 ? [`with fewer than ${k} training images all of them are the neighbors`] : []),
    ],
  };
}

/** Scores by each subset, which whitens for itself: nothing of one subset can be read off another. */
async function whitenedSubsets(
  { train, test, normalization, scoring, signal }: ProtocolInputs,
  rows: readonly number[],
  k: number,
  draws: readonly (readonly Walk[])[],
  scores: readonly Float64Array[][],
): Promise<void> {
  for (const [r, walks] of draws.entries()) {
    for (const { order, stops } of walks) {
      for (const { size, index } of stops) {
        const subset = train.subset(Array.from(order.subarray(0, size), (place) => rows[place]));
        const own = await whitenedBy(subset, test, normalization, signal);
        const neighbors = Math.min(k, size);
        const table = await new NeighborIndex(own.train).search(own.test, neighbors, { signal });
        scores[r][index] = table.scores(neighbors, scoring).values;
      }
    }
  }
}

interface Walk {
  readonly order: Int32Array;
  readonly stops: readonly { readonly size: number; readonly index: number }[];
}

function subsetWalks(
  n: number,
  sizes: readonly number[],
  subsets: "nested" | "independent",
  random: Random,
): Walk[] {
  const stops = sizes.map((size, index) => ({ size, index }));
  if (subsets === "nested") return [{ order: random.sample(n, n), stops }];
  return stops.map((stop) => ({ order: random.sample(n, stop.size), stops: [stop] }));
}

/** The k smallest of a stream of squared distances. */
class NearestSoFar {
  readonly #smallest: Float64Array;
  readonly #isSquared: boolean;
  readonly #isMean: boolean;
  #count = 0;

  constructor(k: number, { distance, statistic }: ScoreOptions) {
    this.#smallest = new Float64Array(k);
    this.#isSquared = distance !== "euclidean";
    this.#isMean = statistic !== "kth";
  }

  clear(): void {
    this.#count = 0;
  }

  offer(squaredDistance: number): void {
    const smallest = this.#smallest;
    let at = this.#count;
    if (at === smallest.length) {
      if (squaredDistance >= smallest[at - 1]) return;
      at--;
    } else this.#count++;
    for (; at > 0 && smallest[at - 1] > squaredDistance; at--) smallest[at] = smallest[at - 1];
    smallest[at] = squaredDistance;
  }

  score(): number {
    let [sum, last] = [0, 0];
    for (let i = 0; i < this.#count; i++) {
      last = this.#isSquared ? this.#smallest[i] : Math.sqrt(this.#smallest[i]);
      sum += last;
    }
    return this.#isMean ? sum / this.#count : last;
  }
}
