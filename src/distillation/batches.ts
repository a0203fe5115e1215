import { Random } from "../core/random.js";
import { drawVariations, type Variation } from "./augment.js";

/** A share of the batches that is trained at a larger input. */
export interface LargerInput {
  /** Side of the input in pixels, to which the images are enlarged bilinearly. */
  readonly size: number;
  /** Share of the batches, in [0, 1). */
  readonly share: number;
  /** Images in such a batch. */
  readonly batchSize: number;
}

/** One batch to be trained. */
export interface PlannedBatch {
  /** Which images. */
  readonly indices: Int32Array;
  /** How each is varied. */
  readonly variations: readonly Variation[];
  /** Side of the input in pixels; undefined for the images' own. */
  readonly enlargedTo: number | undefined;
  /** Share of the epoch that is done before it, in [0, 1). */
  readonly done: number;
}

/** How an epoch is cut into batches. */
export interface BatchOptions {
  /** Images in a batch. */
  readonly batchSize: number;
  /** Largest move of an image in pixels. */
  readonly shift: number;
  /** Share of the images that are turned left to right. @default 0.5 */
  readonly mirrorShare?: number;
  /** Shares of batches of larger input. */
  readonly largerInputs: readonly LargerInput[];
}

/**
 * The batches of one epoch: all images in random order, each once, the last few that fill no batch left out. Depends on seed and
 * epoch only, so that a resumed training sees what an unbroken one would.
 *
 * @param n - number of images
 * @param seed - seed of the training
 * @param epoch - number of the epoch, from 1
 * @param options - sizes and shares
 * @returns the batches one by one
 */
export function* epochBatches(
  n: number,
  seed: number,
  epoch: number,
  { batchSize, shift, mirrorShare, largerInputs }: BatchOptions,
): Generator<PlannedBatch> {
  const random = new Random(seed).fork(`epoch ${epoch}`);
  const order = random.sample(n, n);
  for (let start = 0; ; ) {
    const larger = drawLarger(largerInputs, random);
    const count = Math.min(larger?.batchSize ?? batchSize, n);
    if (start + count > n) return;
    const indices = order.slice(start, start + count);
    const variations = drawVariations(count, shift, random, mirrorShare);
    yield { indices, variations, enlargedTo: larger?.size, done: start / n };
    start += count;
  }
}

function drawLarger(largerInputs: readonly LargerInput[], random: Random): LargerInput | undefined {
  let chance = random.uniform();
  for (const larger of largerInputs) {
    if (chance < larger.share) return larger;
    chance -= larger.share;
  }
  return undefined;
}
