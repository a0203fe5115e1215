import { checkOptions, integerIn } from "../../../core/options.js";
import { ProgressMeter } from "../../../core/progress.js";
import type { MatrixBackend } from "../../../engines/index.js";
import type { Features } from "../../../extractors/features.js";
import { intervalOfSorted } from "../../../metrics/delong.js";
import { type AnomalyLabels, sortByKind } from "../../../metrics/labelled-scores.js";
import { normalHalfWidth } from "../../../metrics/normal-distribution.js";
import { rocAuc } from "../../../metrics/roc.js";
import { roundStep } from "../../../plots/histogram.js";
import { ContaminationPool } from "../../../scoring/contamination.js";
import { findMaskedNeighbors } from "../../../scoring/find-masked-neighbors.js";
import { removedCount } from "../../../scoring/shares.js";
import type { ExplorerData } from "../../explorer-model.js";
import { checkedLabels } from "../explore/data.js";
import { type ImageNames, type ImageOptions, imageNames } from "../image-names.js";
import { CleanedSets, type NeighborLists, type PoolData, packedLists } from "./cleaned-sets.js";

/** What the explorer of a contaminated training set knows. */
export interface ContaminationData extends ExplorerData, PoolData {
  readonly kind: "contamination";
  readonly title: string;
  /** Ground truth of the test images: 1 = anomaly. */
  readonly isAnomaly: Uint8Array;
  /** Neighbors of the test images in the pool, enough for every rate and fraction. */
  readonly test: NeighborLists;
  /** Level of all intervals. */
  readonly level: number;
  /** ROCAUC with the ends of its interval, as fractions: three numbers for every k of every fraction of every rate. */
  readonly areas: Float64Array;
  readonly images: ImageNames;
  /** Number of test images that `areas` were computed from, where the lists hold fewer. */
  readonly allTest?: number;
}

/** Options of `contaminationData`. */
export interface ContaminationDataOptions extends ImageOptions {
  /** Heading. */
  readonly title?: string;
  /** Largest k of the slider, default 5 or as many as the cleaned normal images allow. */
  readonly kMax?: number;
  /** Distance between contamination rates of the slider, default about a tenth of the pool's largest. */
  readonly rateStep?: number;
  /** Distance between cleaned fractions of the slider, from 0 to 0.9; default 0.1. */
  readonly cleanedStep?: number;
  /** Level of the intervals, default 0.95. */
  readonly level?: number;
  /** What multiplies matrices, default as in NeighborIndex. */
  readonly matrix?: MatrixBackend;
  /** Aborts. */
  readonly signal?: AbortSignal;
}

const optionKeys = ["title", "kMax", "rateStep", "cleanedStep", "level", "test", "train", "matrix", "signal"];
const largestFraction = 0.9;
const usualKMax = 5;

/**
 * What `exploreContamination` needs to know: neighbors from one search in the whole pool, enough that the scores for every
 * contamination rate and cleaned fraction of the sliders are read off exactly, through masks.
 *
 * The same k makes the scores by which the training set is cleaned and those of the test images. Distances are kept as
 * float32 (relative error below 6e-8).
 *
 * @param pool - normal training images and anomalies to mix among them
 * @param test - features of the test images
 * @param isAnomaly - ground truth of the test images
 * @param options - grid of the sliders, largest k, images (those of features where they have them)
 * @returns the data of a model; "train" images of its galleries are those of the pool
 * @throws TypeError when the pool is none
 * @throws RangeError when the pool has no anomaly, labels do not fit, a kind is missing, or an option is out of range
 * @throws Aborted when interrupted
 * @see Bergman, Cohen and Hoshen 2020, section 4.4
 */
export async function contaminationData(
  pool: ContaminationPool,
  test: Features,
  isAnomaly: AnomalyLabels,
  options: ContaminationDataOptions = {},
): Promise<ContaminationData> {
  checkOptions("exploreContamination", options, optionKeys);
  if (!(pool instanceof ContaminationPool)) {
    throw new TypeError(
      "exploreContamination needs a ContaminationPool: new ContaminationPool(normal, anomalies, random)",
    );
  }
  if (pool.anomalies === 0) {
    throw new RangeError(
      `a contaminated training set needs at least one anomaly; the pool has none beside ${pool.normals} normal images`,
    );
  }
  const { title = "Contaminated training set", level = 0.95, matrix, signal } = options;
  const truth = checkedLabels("exploreContamination", test.n, isAnomaly);
  normalHalfWidth(level);
  const rates = grid("rateStep", options.rateStep ?? roundStep(pool.maxRate / 10), pool.maxRate);
  const cleaned = grid("cleanedStep", options.cleanedStep ?? 0.1, largestFraction);
  const kept = pool.normals - removedCount(pool.normals, cleaned[cleaned.length - 1]);
  const most = Math.min(kept, pool.normals - 1);
  if (most < 1) throw new RangeError("exploreContamination needs at least two normal training images; got 1");
  const kMax = integerIn(
    "kMax",
    options.kMax ?? Math.min(usualKMax, most),
    1,
    most,
    "images left of the normal ones after cleaning",
  );
  const images = imageNames(
    "exploreContamination",
    { test: options.test ?? test.images, train: options.train ?? pool.features.images },
    test.ids,
    pool.features.ids,
  );
  const base = { normals: pool.normals, anomalies: pool.anomalies, rates, cleaned, kMax };
  const parts = rates.map((rate) => ({ mask: firstOnes(pool.features.n, pool.size(rate)), k: kMax }));
  const inPool = await findMaskedNeighbors(pool.features, pool.features, parts, {
    label: "neighbors inside the training set",
    matrix,
    signal,
  });
  const sets = new CleanedSets({ ...base, pool: packedLists(inPool) });
  const found = await findMaskedNeighbors(pool.features, test, sets.parts(), {
    label: "neighbors of the test images",
    matrix,
    signal,
  });
  const data = { ...base, pool: sets.data.pool, test: packedLists(found) };
  const areas = await areasOf(data, truth, level, signal);
  return {
    kind: "contamination",
    title,
    ...data,
    isAnomaly: truth,
    level,
    areas,
    images: { classNames: images.classNames, train: images.train, trainIds: pool.features.ids },
  };
}

function grid(name: string, step: number, end: number): number[] {
  if (!(step > 0 && step <= end)) {
    throw new RangeError(`${name} must be above 0 and at most ${end}; got ${step}`);
  }
  const count = Math.floor(end / step + 1e-9);
  if (count > 100) throw new RangeError(`${name} must leave at most 100 steps up to ${end}; got ${step}`);
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

function firstOnes(length: number, count: number): Uint8Array {
  return new Uint8Array(length).fill(1, 0, count);
}

async function areasOf(
  data: PoolData & { readonly test: NeighborLists },
  truth: Uint8Array,
  level: number,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const { rates, cleaned, kMax } = data;
  const sets = new CleanedSets(data);
  const test = sets.lists(data.test);
  const areas = new Float64Array(3 * rates.length * cleaned.length * kMax);
  const anomalies = truth.reduce((sum, one) => sum + one, 0);
  const enough = anomalies > 1 && truth.length - anomalies > 1;
  const meter = new ProgressMeter("evaluating cleaned training sets", areas.length / 3, "ROC curves", signal);
  try {
    let at = 0;
    for (const rate of rates) {
      for (const fraction of cleaned) {
        for (let k = 1; k <= kMax; k++) {
          const { values } = test.scores(sets.mask(rate, fraction, k), k);
          const interval = enough
            ? intervalOfSorted(sortByKind("ROCAUC", values, truth), level)
            : { rocAuc: rocAuc(values, truth), low: Number.NaN, high: Number.NaN };
          areas.set([interval.rocAuc, interval.low, interval.high], 3 * at++);
          await meter.add(1);
        }
      }
    }
  } finally {
    meter.close();
  }
  return areas;
}
