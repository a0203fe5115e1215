import { createHash } from "node:crypto";
import { Random } from "../../core/random.js";
import { DataSet, type ImageSet, loadDataSet } from "../../datasets/index.js";
import { splitByClass } from "../../datasets/split.js";

/** Images of a distillation: those that are learned from, and those that are kept out of it. */
export interface DistillationImages {
  /** Name for titles and files. */
  readonly name: string;
  /** Learned from; classes are not looked at. */
  readonly train: ImageSet;
  /** Only measured on. */
  readonly heldOut: ImageSet;
  /** SHA-256 of their content, or of their names where they are in memory. */
  readonly contentHash: string;
  /** What a user should know, one sentence each. */
  readonly notes: readonly string[];
}

/** Share of the images that is held out where there are no test images. */
const heldOutShare = 0.2;

/** Fewest images that are learned from, and from which on it is more than a try. */
const fewest = 20;
const few = 200;

/**
 * Finds the images and those to hold out: the test images where there are some, else one in five by seed, of every class alike.
 *
 * @param source - name of a data set, folder of images, data set or image set
 * @param seed - seed of the split
 * @returns the images
 * @throws RangeError when there are fewer than 20 images to learn from
 * @throws DataError when there are no images
 */
export async function imagesToDistill(
  source: string | DataSet | ImageSet,
  seed: number,
): Promise<DistillationImages> {
  const data = typeof source === "string" ? await loadDataSet(source, { seed }) : source;
  const set = data instanceof DataSet ? data.train : data;
  const given = data instanceof DataSet && data.test.length > 0 ? data.test : undefined;
  const random = new Random(seed).fork("held out");
  const split = given === undefined ? splitByClass(set.labels, 1 - heldOutShare, random) : undefined;
  const train = split ? set.subset(split.train) : set;
  const heldOut = given ?? set.subset(split?.test ?? []);
  if (train.length < fewest || heldOut.length < 3) {
    throw new RangeError(
      `distillation needs at least ${fewest} images to learn from and 3 to hold out; ${set.name} has ${train.length} and ${heldOut.length}`,
    );
  }
  return {
    name: data.name,
    train,
    heldOut,
    contentHash: data instanceof DataSet ? await data.contentHash() : hashOfNames(data),
    notes: [
      ...(data instanceof DataSet ? data.notes : []),
      ...(split ? [`split by seed ${seed}: ${heldOut.length} of ${set.length} images are held out`] : []),
      ...(train.length < few
        ? [`${train.length} images are few to learn from: compare the report's figures before and after`]
        : []),
    ],
  };
}

/**
 * @param images - images
 * @param most - how many of them at most
 * @param random - chooses
 * @returns a random part of them, in their order
 */
export function atMost(images: ImageSet, most: number, random: Random): ImageSet {
  return images.length <= most ? images : images.subset(random.sample(images.length, most).sort());
}

function hashOfNames(images: ImageSet): string {
  return createHash("sha256")
    .update(JSON.stringify([images.name, images.ids]))
    .digest("hex");
}
