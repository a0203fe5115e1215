import { integerIn, oneOf } from "../../core/options.js";
import { ProgressMeter } from "../../core/progress.js";
import { Random } from "../../core/random.js";
import type { Features } from "../../extractors/features.js";
import { NeighborIndex } from "../../neighbors/index.js";
import { type Pooling, poolGroups, poolings } from "../../scoring/index.js";
import { axisValues, type CurveResult, PointCollector } from "../curves.js";
import { type ProtocolInputs, type ProtocolOptions, protocolInputs } from "../inputs.js";
import { whitenedBy } from "../normalization.js";
import {
  anomalyShareGroups,
  fixedClassGroups,
  type GroupSample,
  normalFixedClassGroups,
  normalGroups,
} from "./group-rules.js";

/** How groups are made: "fixed-classes" is the published rule, "anomaly-share" the second one. */
export type GroupRule = "fixed-classes" | "anomaly-share";

/** Options of `groups`. */
export interface GroupsOptions extends Omit<ProtocolOptions, "normalClasses"> {
  /** Rule by which groups are made, default "fixed-classes". */
  readonly rule?: GroupRule;
  /** Images a group, from 1 to 20; by default 2, 3, 4, 5, 6, 8, 10 as far as the rule allows. */
  readonly sizes?: readonly number[];
  /** Ways of pooling, default mean, max and concatenation. */
  readonly poolings?: readonly Pooling[];
  /** Share of other classes' images in an anomalous group of the rule "anomaly-share", above 0 and at most 1, default 0.5. */
  readonly share?: number;
  /** Training groups, and normal and anomalous test groups each, default 500. */
  readonly count?: number;
  /** Draws of classes and groups, default 5. */
  readonly repeats?: number;
}

/**
 * The experiment with groups: a sample is a set of images, one vector is made of their features, and it is scored like an
 * image. Groups of training images are the reference; groups of test images are normal or anomalous.
 *
 * @param train - features of the training images, with their images
 * @param test - features of the test images, with their images
 * @param options - rule, sizes, poolings, share, count, repetitions, k, distance, normalisation, seed
 * @returns one curve for each way of pooling: mean ROCAUC for each group size, with interval and spreads
 * @throws RangeError when a size does not fit the rule or the classes, or another option is out of range
 * @throws Aborted when interrupted
 * @see Bergman, Cohen and Hoshen 2020, section 4.3
 */
export async function groups(
  train: Features,
  test: Features,
  options: GroupsOptions = {},
): Promise<CurveResult> {
  const { rule = "fixed-classes", share = 0.5, count = 500, repeats = 5, ...others } = options;
  const { sizes: wanted, poolings: wantedPoolings = poolings, ...rest } = others;
  const inputs = protocolInputs("groups", train, test, rest);
  oneOf("rule", rule, ["fixed-classes", "anomaly-share"]);
  if (!(share > 0 && share <= 1)) {
    throw new RangeError(`share must be above 0 and at most 1, for example 0.5; got ${share}`);
  }
  integerIn("count", count, Math.max(2, inputs.k), 1_000_000);
  integerIn("repeats", repeats, 1, 10_000);
  for (const pooling of wantedPoolings) oneOf("pooling", pooling, poolings);
  const sides = sidesOf(inputs);
  const [least, most] = sizeRange(rule, sides);
  const sizes = axisValues(
    "sizes",
    wanted ?? [1, 2, 3, 4, 5, 6, 8, 10].filter((size) => size >= least && size <= most),
    (size) => Number.isInteger(size) && size >= least && size <= most,
    `whole numbers from ${least} to ${most} (${rule === "fixed-classes" ? "a group has one image of each of as many classes" : "images a class has"})`,
  );
  const points = wantedPoolings.map(() => sizes.map(() => new PointCollector()));
  const meter = new ProgressMeter("scoring groups", repeats * sizes.length, "draws", inputs.signal);
  try {
    for (let r = 0; r < repeats; r++) {
      for (const [s, size] of sizes.entries()) {
        const random = new Random(inputs.seed).fork(`groups ${rule} ${size} ${r}`);
        const drawn = drawGroups(rule, sides, size, { share, count }, random);
        const own = await foldFeatures(inputs, drawn);
        for (const [p, pooling] of wantedPoolings.entries()) {
          const reference = poolGroups(own.train, own.reference, pooling);
          const asked = poolGroups(own.test, drawn.test.groups, pooling);
          const table = await new NeighborIndex(reference).search(asked, inputs.k, {
            signal: inputs.signal,
            excludeSelf: false,
          });
          const { isAnomaly } = drawn.test;
          const { values } = table.scores(inputs.k, inputs.scoring);
          points[p][s].add(r, values, isAnomaly, isAnomaly, r);
        }
        await meter.add(1);
      }
    }
  } finally {
    meter.close();
  }
  return {
    xLabel: "images a group",
    classes: ["all"],
    repeats,
    curves: wantedPoolings.map((pooling, p) => ({
      name: pooling,
      points: sizes.map((size, s) => points[p][s].point(size)),
    })),
    definitions: [
      rule === "fixed-classes"
        ? "a normal group has one image of each of as many classes as it has images; an anomalous one as many images drawn from the same classes together, drawn again where it happens to have one of each"
        : `a normal group has images of one class only; in an anomalous one ${Number((100 * share).toFixed(1))} % of the images, at least one, are of other classes`,
      `each figure is the mean over ${repeats} draws of classes and groups, with ${count} training groups, ${count} normal and ${count} anomalous test groups each; the order inside a group is random`,
    ],
  };
}

interface Sides {
  readonly train: readonly (readonly number[])[];
  readonly test: readonly (readonly number[])[];
}

interface DrawnGroups {
  /** Rows of the training images of which normal groups are made. */
  readonly fold: readonly number[];
  readonly reference: readonly (readonly number[])[];
  readonly test: GroupSample;
}

/** Features of images and the rows of the reference groups in them; whitened by the fold's training images where asked for. */
async function foldFeatures(
  { train, test, normalization, signal }: ProtocolInputs,
  { fold, reference }: DrawnGroups,
): Promise<{ train: Features; test: Features; reference: DrawnGroups["reference"] }> {
  if (normalization !== "whitened") return { train, test, reference };
  const own = await whitenedBy(train.subset(fold), test, normalization, signal);
  const places = new Map(fold.map((row, place) => [row, place]));
  return { ...own, reference: reference.map((group) => group.map((row) => places.get(row) as number)) };
}

function sidesOf({ classes, testImages }: ProtocolInputs): Sides {
  return {
    train: classes.map(({ rows }) => rows),
    test: classes.map(({ name }) => {
      const label = testImages.classNames.indexOf(name);
      return Array.from(testImages.labels.keys()).filter((i) => testImages.labels[i] === label);
    }),
  };
}

function sizeRange(rule: GroupRule, { train, test }: Sides): [least: number, most: number] {
  const images = Math.min(...train.map((rows) => rows.length), ...test.map((rows) => rows.length));
  if (train.length < 2 || images === 0) {
    throw new RangeError(
      `the groups experiment needs at least two classes with training and test images; got ${train.length} with at least ${images} images`,
    );
  }
  return rule === "fixed-classes" ? [2, Math.min(20, train.length)] : [1, Math.min(20, images)];
}

function drawGroups(
  rule: GroupRule,
  sides: Sides,
  size: number,
  { share, count }: { readonly share: number; readonly count: number },
  random: Random,
): DrawnGroups {
  const { train, test } = sides;
  if (rule === "fixed-classes") {
    const chosen = Array.from(random.sample(train.length, size));
    const [ofTrain, ofTest] = [train, test].map((side) => chosen.map((c) => side[c]));
    return {
      fold: ofTrain.flat(),
      reference: normalFixedClassGroups(ofTrain, count, random),
      test: fixedClassGroups(ofTest, count, random),
    };
  }
  const normal = random.integer(train.length);
  const others = test.flatMap((rows, c) => (c === normal ? [] : rows));
  return {
    fold: train[normal],
    reference: normalGroups(train[normal], size, count, random),
    test: anomalyShareGroups(test[normal], others, size, { share, count }, random),
  };
}
