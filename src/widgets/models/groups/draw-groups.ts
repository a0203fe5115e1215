import type { Random } from "../../../core/random.js";
import {
  anomalyShareGroups,
  fixedClassGroups,
  normalFixedClassGroups,
  normalGroups,
} from "../../../protocols/groups/group-rules.js";
import type { ImageNames } from "../image-names.js";

/** Groups of one size. */
export interface DrawnGroups {
  /** Training images of each reference group. */
  readonly train: readonly (readonly number[])[];
  /** Test images of each group. */
  readonly test: readonly (readonly number[])[];
  /** For each test group 1 where it is anomalous. */
  readonly isAnomaly: Uint8Array;
}

/** A way to make normal and anomalous groups. */
export interface GroupRule {
  readonly fewestImages: number;
  readonly mostImages: number;
  /** What is normal and what anomalous. */
  readonly sentence: string;
  /**
   * @param size - images a group
   * @param count - reference groups, normal and anomalous test groups
   * @param random - source of chance
   * @returns the groups
   */
  draw(size: number, count: number, random: Random): DrawnGroups;
}

/**
 * @param trainCount - number of training images
 * @param isAnomaly - ground truth of the test images
 * @param share - share of anomalies in an anomalous group
 * @returns normal groups of normal images, anomalous ones with a share of anomalies
 */
export function shareGroups(trainCount: number, isAnomaly: Uint8Array, share: number): GroupRule {
  const rows = Array.from({ length: trainCount }, (_, i) => i);
  const [normal, others] = [0, 1].map((kind) =>
    Array.from(isAnomaly.keys()).filter((i) => isAnomaly[i] === kind),
  );
  const bounds = [trainCount, normal.length, share === 1 ? others.length : Math.floor(others.length / share)];
  return {
    fewestImages: 1,
    mostImages: Math.min(20, ...bounds),
    sentence: `an anomalous group has ${Number((100 * share).toFixed(1))} % anomalies, rounded to whole images, at least one; all other groups have normal images only`,
    draw: (size, count, random) => ({
      train: normalGroups(rows, size, count, random),
      ...ofTest(anomalyShareGroups(normal, others, size, { share, count }, random)),
    }),
  };
}

/**
 * @param images - classes of training and test images
 * @returns the published rule
 * @throws RangeError when fewer than two classes have training and test images
 */
export function classGroups({ classNames, train, test }: ImageNames): GroupRule {
  const sides = classNames.map((_, c) => ({ train: rowsOf(train, c), test: rowsOf(test, c) }));
  const classes = sides.filter((side) => side.train.length > 1 && side.test.length > 1);
  if (classes.length < 2) {
    throw new RangeError(
      `groups by class need at least two classes with two training and two test images each; got ${classes.length}; give the ground truth of the test images, or features with labelled images of several classes`,
    );
  }
  return {
    fewestImages: 2,
    mostImages: Math.min(20, classes.length),
    sentence:
      "a normal group has one image of each of as many classes as it has images; an anomalous one as many images drawn from these classes together",
    draw(size, count, random) {
      const chosen = Array.from(random.sample(classes.length, size), (c) => classes[c]);
      return {
        train: normalFixedClassGroups(
          chosen.map((one) => one.train),
          count,
          random,
        ),
        ...ofTest(
          fixedClassGroups(
            chosen.map((one) => one.test),
            count,
            random,
          ),
        ),
      };
    },
  };
}

function ofTest(sample: {
  readonly groups: readonly (readonly number[])[];
  readonly isAnomaly: Uint8Array;
}): Pick<DrawnGroups, "test" | "isAnomaly"> {
  return { test: sample.groups, isAnomaly: sample.isAnomaly };
}

function rowsOf(labels: Int32Array | undefined, label: number): number[] {
  return labels ? Array.from(labels.keys()).filter((i) => labels[i] === label) : [];
}
