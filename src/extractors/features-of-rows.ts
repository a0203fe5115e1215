import { DataError } from "../core/errors.js";
import type { Aspect } from "../core/image.js";
import type { ImageSet } from "../datasets/image-set.js";
import { describePreparation } from "../images/index.js";
import type { BadImage } from "./extract-options.js";
import type { Provenance } from "./features.js";
import type { Preparations } from "./image-network.js";

/** What an extractor says about the features it makes. */
export interface Maker {
  /** How an image becomes what its feature is computed from, once for each size. */
  readonly preparations: Preparations;
  /** Length of a feature. */
  readonly dimensions: number;
  /** Where features of this extractor come from. */
  readonly provenance: Provenance;
}

/**
 * Where features of these images come from.
 *
 * @param maker - what made them
 * @param aspects - what the images say about resizing
 * @returns the provenance, whose preparation names the aspect where images are stretched
 */
export function provenanceOf({ preparations, provenance }: Maker, aspects: ReadonlySet<Aspect>): Provenance {
  const aspect = aspects.has("stretch") ? "stretch" : undefined;
  const [first, ...others] = preparations;
  return { ...provenance, preparation: describePreparation({ ...first, aspect }, ...others) };
}

/**
 * The images that could be read.
 *
 * @param images - all images
 * @param good - positions of those that could be read, rising
 * @param bad - the others
 * @returns the images that could be read
 * @throws DataError when there is none
 */
export function readableOf(images: ImageSet, good: ArrayLike<number>, bad: readonly BadImage[]): ImageSet {
  if (good.length === 0) {
    const reason = bad.length > 0 ? `; the first of ${bad.length} bad images: ${bad[0].reason}` : "";
    throw new DataError(`at least one readable image is needed; ${images.name} has none${reason}`);
  }
  return good.length === images.length ? images : images.subset(good);
}
