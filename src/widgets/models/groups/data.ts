import { checkOptions, integerIn, oneOf } from "../../../core/options.js";
import { ProgressMeter } from "../../../core/progress.js";
import { Random } from "../../../core/random.js";
import type { MatrixBackend } from "../../../engines/index.js";
import type { Features } from "../../../extractors/features.js";
import type { AnomalyLabels } from "../../../metrics/labelled-scores.js";
import { NeighborIndex } from "../../../neighbors/neighbor-index.js";
import { type Pooling, poolGroups, poolings } from "../../../scoring/groups.js";
import { shareUpTo } from "../../../scoring/shares.js";
import type { ExplorerData } from "../../explorer-model.js";
import { checkedLabels, type ExploreData, exploreData } from "../explore/data.js";
import { type ImageNames, type ImageOptions, imageNames } from "../image-names.js";
import { classGroups, type DrawnGroups, shareGroups } from "./draw-groups.js";

/** Groups of one size, pooled in every way. */
export interface GroupsOfSize {
  readonly size: number;
  /** Int32Array, groups x size: test images of each group. */
  readonly test: Int32Array;
  /** Int32Array, groups x size: training images of each reference group. */
  readonly train: Int32Array;
  /** For each way of pooling the neighbors of the test groups among the reference groups. */
  readonly tables: readonly ExploreData[];
}

/** What the explorer of groups knows. */
export interface GroupsData extends ExplorerData {
  readonly kind: "groups";
  readonly title: string;
  readonly poolings: readonly Pooling[];
  readonly sizes: readonly GroupsOfSize[];
  /** Ground truth of the test images, where groups differ by it. */
  readonly isAnomaly?: Uint8Array;
  readonly images: ImageNames;
  /** What is normal and what anomalous, in a sentence. */
  readonly rule: string;
}

/** Options of `groupsData`. */
export interface GroupsDataOptions extends ImageOptions {
  /** Heading. */
  readonly title?: string;
  /** Largest group, from 2 to 20, default 8 or as many as images or classes allow. */
  readonly maxSize?: number;
  /** Reference groups, normal and anomalous test groups of each size, default 300. */
  readonly count?: number;
  /** Share of anomalies in an anomalous group, at least one image; above 0 and at most 1, default 0.5. */
  readonly share?: number;
  /** Ways of pooling, default all. */
  readonly poolings?: readonly Pooling[];
  /** Largest k of the slider, default 5. */
  readonly kMax?: number;
  /** Level of the intervals, default 0.95. */
  readonly level?: number;
  /** Seed of the groups, default 0. */
  readonly seed?: number | string;
  /** What multiplies matrices, default as in NeighborIndex. */
  readonly matrix?: MatrixBackend;
  /** Aborts. */
  readonly signal?: AbortSignal;
}

const optionKeys = [
  "title",
  "maxSize",
  "count",
  "share",
  "poolings",
  "kMax",
  "level",
  "seed",
  "test",
  "train",
];
const usualMaxSize = 8;

/**
 * What `exploreGroups` needs to know: for every group size and way of pooling the neighbors of test groups among groups of
 * training images. All ways pool the same groups.
 *
 * With a ground truth a normal group has normal images only and an anomalous one a share of anomalies. Without it the
 * published rule holds: a normal group has one image of each of as many classes, an anomalous one as many images drawn
 * from these classes together; that needs features with labelled images.
 *
 * @param train - features of the training images
 * @param test - features of the test images
 * @param isAnomaly - ground truth of the test images; undefined = the published rule
 * @param options - sizes, number of groups, share, poolings, largest k, seed, images (those of features where they have them)
 * @returns the data of a model
 * @throws RangeError when labels do not fit, there are too few images or classes, or an option is out of range
 * @throws Aborted when interrupted
 * @see Bergman, Cohen and Hoshen 2020, section 4.3
 */
export async function groupsData(
  train: Features,
  test: Features,
  isAnomaly?: AnomalyLabels,
  options: GroupsDataOptions = {},
): Promise<GroupsData> {
  checkOptions("exploreGroups", options, [...optionKeys, "matrix", "signal"]);
  const { title = "Groups of images", count = 300, share = 0.5, level, matrix, signal } = options;
  const ways = options.poolings ?? poolings;
  for (const pooling of ways) oneOf("pooling", pooling, poolings);
  if (ways.length === 0) throw new RangeError("exploreGroups needs at least one way of pooling; got none");
  integerIn("count", count, 2, 100_000);
  const kMax = integerIn("kMax", options.kMax ?? Math.min(5, count), 1, count, "reference groups");
  if (!(shareUpTo("share", share, 1) > 0))
    throw new RangeError("share must be above 0, for example 0.5; got 0");
  const truth = isAnomaly && checkedLabels("exploreGroups", test.n, isAnomaly);
  const images = imageNames(
    "exploreGroups",
    { test: options.test ?? test.images, train: options.train ?? train.images },
    test.ids,
    train.ids,
  );
  const rule = truth ? shareGroups(train.n, truth, share) : classGroups(images);
  const largest = integerIn(
    "maxSize",
    options.maxSize ?? Math.min(usualMaxSize, rule.mostImages),
    rule.fewestImages,
    Math.min(20, rule.mostImages),
    "images a group",
  );
  const random = new Random(options.seed ?? 0);
  const sizes: GroupsOfSize[] = [];
  const span = largest - rule.fewestImages + 1;
  const meter = new ProgressMeter("pooling and searching groups", span * ways.length, "tables", signal);
  try {
    for (let size = rule.fewestImages; size <= largest; size++) {
      const drawn = rule.draw(size, count, random.fork(`groups of ${size}`));
      const tables: ExploreData[] = [];
      for (const pooling of ways) {
        await meter.add(0);
        const reference = poolGroups(train, drawn.train, pooling);
        const asked = poolGroups(test, drawn.test, pooling);
        const table = await new NeighborIndex(reference, { matrix }).search(asked, kMax, {
          excludeSelf: false,
          signal,
        });
        const data = exploreData(table, drawn.isAnomaly, { title, level });
        tables.push({ ...data, noun: "group", images: { classNames: [] } });
        await meter.add(1);
      }
      sizes.push({ size, test: flat(drawn.test), train: flat(drawn.train), tables });
    }
  } finally {
    meter.close();
  }
  const { classNames, test: testClasses, train: trainClasses } = images;
  return {
    kind: "groups",
    title,
    poolings: ways,
    sizes,
    ...(truth ? { isAnomaly: truth } : {}),
    images: { classNames, test: testClasses, train: trainClasses },
    rule: rule.sentence,
  };
}

function flat(groups: DrawnGroups["test"]): Int32Array {
  return Int32Array.from(groups.flatMap((group) => [...group]));
}
