import { DataError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { ImageSet } from "../datasets/image-set.js";
import type { Extractor } from "../extractors/extractor.js";

/** How the teacher looks at the images. */
export interface TeacherOptions {
  /** Folder of the feature cache in which the features are kept, and found again by a later run. @default none */
  cache?: string;
  /** Aborts between batches. */
  signal?: AbortSignal;
}

/**
 * What the teacher sees in images: the mean of its features of each image and of the image's mirror picture.
 *
 * @param teacher - a pretrained extractor
 * @param images - the images; labels are not looked at
 * @param options - cache folder, abort signal
 * @returns Float32Array, n x teacher.dimensions
 * @throws DataError when an image cannot be read, naming it
 */
export async function teacherFeatures(
  teacher: Extractor,
  images: ImageSet,
  options: TeacherOptions = {},
): Promise<Float32Array> {
  checkOptions("teacherFeatures", options, ["cache", "signal"]);
  const { cache, signal } = options;
  const refuse = ({ reason }: { reason: string }) => {
    throw new DataError(`distillation needs every image: ${reason}`);
  };
  const extract = { cache: cache ?? false, onBadImage: refuse, signal };
  const straight = await teacher.extract(images, extract);
  const turned = await teacher.extract(mirrored(images), extract);
  return straight.data.map((value, i) => (value + turned.data[i]) / 2);
}

/**
 * A set whose images are turned left to right when they are read.
 *
 * @param images - the images
 * @returns the same images mirrored, under ids of their own
 */
export function mirrored(images: ImageSet): ImageSet {
  return new ImageSet(`${images.name}, mirrored`, {
    classNames: images.classNames,
    labels: images.labels,
    id: (i) => `${images.ids[i]}, mirrored`,
    source: (i) => {
      const source = images.source(i);
      return { ...source, mirrored: !source.mirrored };
    },
  });
}
