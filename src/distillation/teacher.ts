import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { ImageSet } from "../datasets/image-set.js";
import type { Extractor } from "../extractors/extractor.js";
import { readNpy, writeNpy } from "../extractors/npy.js";

/** How the teacher looks at the images. */
export interface TeacherOptions {
  /** Folder in which the features are kept, and found again by a later run; default none. */
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
  const path = cache && join(cache, `${cacheName(teacher, images)}.npy`);
  if (path && existsSync(path)) {
    const { shape, data } = await readNpy(path);
    if (shape.join() === `${images.length},${teacher.dimensions}` && data instanceof Float32Array)
      return data;
    throw new DataError(
      `${path} must hold ${images.length} x ${teacher.dimensions} features; it holds ${shape.join(" x ")}: delete it`,
      path,
    );
  }
  const refuse = ({ reason }: { reason: string }) => {
    throw new DataError(`distillation needs every image: ${reason}`);
  };
  const straight = await teacher.extract(images, { batchSize: 32, onBadImage: refuse, signal });
  const turned = await teacher.extract(mirrored(images), { batchSize: 32, onBadImage: refuse, signal });
  const mean = straight.data.map((value, i) => (value + turned.data[i]) / 2);
  if (path) {
    await mkdir(cache, { recursive: true });
    await writeNpy(path, { shape: [images.length, teacher.dimensions], data: mean });
  }
  return mean;
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

function cacheName(teacher: Extractor, images: ImageSet): string {
  const { extractor, layer, weightsHash, preparation } = teacher.provenance;
  const key = JSON.stringify([extractor, layer, weightsHash, preparation, images.name, images.ids]);
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 16);
  return `${extractor}-${images.name.replace(/[^\w.-]+/g, "-")}-${hash}`;
}
