import { Displayable } from "../core/display.js";
import { checkOptions } from "../core/options.js";
import type { Features } from "../extractors/features.js";
import { NeighborIndex } from "../neighbors/neighbor-index.js";

/** A test image and the training image that it equals. */
export interface Leak {
  /** Identifier of the test image. */
  readonly test: string;
  /** Identifier of the training image. */
  readonly train: string;
  /** Euclidean distance of their features. */
  readonly distance: number;
  /** This distance as a share of the median distance of test images to their nearest training image. */
  readonly relative: number;
}

/** Options of `checkLeaks`. */
export interface LeakOptions {
  /**
   * Largest distance of nearly identical images, as a share of the median distance of a test image to its nearest training
   * image; above 0 and below 1, default 0.5.
   */
  readonly near?: number;
  /** Aborts the search. */
  readonly signal?: AbortSignal;
}

const identical = 1e-3;

/** What a leak check found: test images that are among the training images, or nearly. */
export class LeakReport extends Displayable {
  /**
   * @param identical - test images with the features of a training image, nearest first
   * @param nearlyIdentical - test images much nearer to a training image than usual, nearest first
   * @param checked - number of test images
   */
  constructor(
    readonly identical: readonly Leak[],
    readonly nearlyIdentical: readonly Leak[],
    readonly checked: number,
  ) {
    super();
  }

  override toString(): string {
    const { identical, nearlyIdentical, checked } = this;
    if (identical.length + nearlyIdentical.length === 0) {
      return `leak check: none of ${checked} test images is, or nearly is, a training image`;
    }
    const first = identical[0] ?? nearlyIdentical[0];
    return `leak check: of ${checked} test images ${identical.length} are identical to a training image and ${nearlyIdentical.length} nearly so, for example ${first.test} and ${first.train}`;
  }
}

/**
 * Looks for test images that are identical or nearly identical to a training image, by their features: they make any figure
 * look better than it is. To be done before ROCAUC is looked at.
 *
 * Nearly identical is a suspicion: look at the pairs.
 *
 * @param train - features of the training images
 * @param test - features of the test images
 * @param options - how near, abort signal
 * @returns the pairs
 * @throws RangeError when the features are not comparable, there is no image, or `near` is out of range
 * @throws Aborted when interrupted
 */
export async function checkLeaks(
  train: Features,
  test: Features,
  options: LeakOptions = {},
): Promise<LeakReport> {
  checkOptions("checkLeaks", options, ["near", "signal"]);
  const { near = 0.5, signal } = options;
  if (!(near > 0 && near < 1)) {
    throw new RangeError(`near must be above 0 and below 1, for example 0.5; got ${near}`);
  }
  if (test.n === 0) throw new RangeError("a leak check needs at least one test image; got none");
  const table = await new NeighborIndex(train).search(test, 1, { signal, excludeSelf: false });
  const distances = table.distances.map((squared) => Math.sqrt(squared));
  const usual = distances.slice().sort()[distances.length >> 1];
  const pairs = Array.from(distances, (distance, i) => ({
    test: test.ids[i],
    train: train.ids[table.indices[i]],
    distance,
    relative: usual > 0 ? distance / usual : 0,
  }))
    .filter(({ relative }) => relative <= near)
    .sort((a, b) => a.distance - b.distance);
  const count = pairs.filter(({ relative }) => relative <= identical).length;
  return new LeakReport(pairs.slice(0, count), pairs.slice(count), test.n);
}
