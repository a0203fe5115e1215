import { checkOptions, integerIn } from "../../../core/options.js";
import { rocAucByK, rocAucIntervalsByK } from "../../../metrics/by-k.js";
import type { AnomalyLabels } from "../../../metrics/labelled-scores.js";
import { normalHalfWidth } from "../../../metrics/normal-distribution.js";
import { NeighborTable } from "../../../neighbors/neighbor-table.js";
import type { ExplorerData } from "../../explorer-model.js";
import { type ImageNames, type ImageOptions, imageNames } from "../image-names.js";
import { type Variant, variants } from "./variants.js";

/** ROCAUC against k; position k - 1 belongs to k. */
export interface AucCurve {
  readonly rocAuc: Float64Array;
  /** Lower ends of the intervals; NaN where there are too few images for one. */
  readonly low: Float64Array;
  /** Upper ends of the intervals. */
  readonly high: Float64Array;
}

/** What the explorer of a table knows. */
export interface ExploreData extends ExplorerData {
  readonly kind: "explore" | "explain";
  readonly title: string;
  /** Neighbors kept an image. */
  readonly kMax: number;
  /** Number of training images. */
  readonly trainCount: number;
  /** Float32Array, n x kMax: squared Euclidean distances, ascending in each row. */
  readonly distances: Float32Array;
  /** Neighbors an image whose training rows are kept, at most kMax. */
  readonly indexWidth: number;
  /** Rows of the training images, n x indexWidth. */
  readonly indices: ArrayLike<number>;
  /** Ground truth: 1 = anomaly; absent where it is not known. */
  readonly isAnomaly?: Uint8Array;
  /** ROCAUC against k for each variant of the score, perhaps up to a larger k than is kept. */
  readonly curves?: Readonly<Record<Variant, AucCurve>>;
  /** Level of all intervals. */
  readonly level: number;
  readonly images: ImageNames;
  /** Position of the image to explain. */
  readonly image?: number;
  /** Which images were searched for: the test images, or the training images among each other. Default "test". */
  readonly querySet?: "test" | "train";
  /** What a score belongs to, default "image". */
  readonly noun?: "image" | "group";
}

/** Options of `exploreData`. */
export interface ExploreOptions extends ImageOptions {
  /** Heading. */
  readonly title?: string;
  /** Largest k of the slider, default all neighbors of the table. */
  readonly kMax?: number;
  /** Level of the intervals, default 0.95. */
  readonly level?: number;
}

/** Keys of ExploreOptions. */
export const exploreOptionKeys: readonly string[] = ["title", "kMax", "level", "test", "train"];

/**
 * What `explore` needs to know of a table of neighbors: distances as float32 (relative error below 6e-8), ROCAUC with its
 * interval for every k and variant of the score.
 *
 * @param table - neighbors of the test images among the training images
 * @param isAnomaly - ground truth of the test images; without it scores and galleries are shown only
 * @param options - images, title, largest k, level of the intervals
 * @returns the data of a model
 * @throws TypeError when the table is none
 * @throws RangeError when labels or images do not fit the table, a kind is missing, or an option is out of range
 */
export function exploreData(
  table: NeighborTable,
  isAnomaly?: AnomalyLabels,
  options: ExploreOptions = {},
): ExploreData {
  checkOptions("explore", options, exploreOptionKeys);
  if (!(table instanceof NeighborTable)) {
    throw new TypeError("explore needs a NeighborTable, as NeighborIndex.search gives it");
  }
  if (table.n === 0) throw new RangeError("explore needs at least one image; the table has none");
  const { title = "Explore", level = 0.95 } = options;
  const kMax = integerIn("kMax", options.kMax ?? table.kMax, 1, table.kMax, "neighbors in the table");
  normalHalfWidth(level);
  const truth = isAnomaly && checkedLabels("explore", table.n, isAnomaly);
  const rounded = firstNeighbors(table, kMax);
  if (rounded.distances.some((distance) => distance === Number.POSITIVE_INFINITY)) {
    throw new RangeError("squared distances must be below 3.4e38 to be explored; scale the features down");
  }
  return {
    kind: "explore",
    title,
    kMax,
    trainCount: table.trainIds.length,
    distances: Float32Array.from(rounded.distances),
    indexWidth: kMax,
    indices: rounded.indices,
    ...(truth ? { isAnomaly: truth, curves: curvesOf(rounded, truth, level) } : {}),
    level,
    images: { testIds: table.queryIds, ...imageNames("explore", options, table.queryIds, table.trainIds) },
  };
}

/**
 * @param owner - name of the function, for messages
 * @param n - number of images
 * @param isAnomaly - ground truth as it comes
 * @returns one number an image, 1 = anomaly
 * @throws RangeError when labels are not one an image, not 0 or 1, or all alike
 */
export function checkedLabels(owner: string, n: number, isAnomaly: AnomalyLabels): Uint8Array {
  if (isAnomaly.length !== n) {
    throw new RangeError(
      `${owner} needs one label for each of the ${n} test images; got ${isAnomaly.length}`,
    );
  }
  const truth = Uint8Array.from({ length: n }, (_, i) => {
    const label = Number(isAnomaly[i]);
    if (label === 0 || label === 1) return label;
    throw new RangeError(`labels must be 0 (normal) or 1 (anomaly); label ${i} is ${isAnomaly[i]}`);
  });
  if (truth.every((label) => label === truth[0])) {
    const kind = truth[0] === 1 ? "an anomaly" : "normal";
    throw new RangeError(
      `${owner} compares anomalies with normal images and needs both; every label says ${kind}; leave the labels out to see the scores alone`,
    );
  }
  return truth;
}

/** The table as a page sees it, so that curve and slider agree to the last digit. */
function firstNeighbors(table: NeighborTable, kMax: number): NeighborTable {
  const distances = new Float64Array(table.n * kMax);
  const indices = new Int32Array(table.n * kMax);
  for (let i = 0; i < table.n; i++) {
    for (let j = 0; j < kMax; j++) {
      distances[i * kMax + j] = Math.fround(table.distances[i * table.kMax + j]);
      indices[i * kMax + j] = table.indices[i * table.kMax + j];
    }
  }
  return new NeighborTable({ kMax, distances, indices, queryIds: table.queryIds, trainIds: table.trainIds });
}

function curvesOf(table: NeighborTable, truth: Uint8Array, level: number): Record<Variant, AucCurve> {
  const anomalies = truth.reduce((sum, one) => sum + one, 0);
  const enough = anomalies > 1 && truth.length - anomalies > 1;
  const none = () => new Float64Array(table.kMax).fill(Number.NaN);
  const curve = (options: (typeof variants)[number]) =>
    enough
      ? rocAucIntervalsByK(table, truth, { ...options.score, level })
      : { rocAuc: rocAucByK(table, truth, options.score), low: none(), high: none() };
  return Object.fromEntries(variants.map((variant) => [variant.name, curve(variant)])) as Record<
    Variant,
    AucCurve
  >;
}
