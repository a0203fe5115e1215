import { totalmem } from "node:os";
import { DataError } from "../../core/errors.js";
import { Random } from "../../core/random.js";
import type { ImageSet } from "../../datasets/index.js";
import type { Extractor, Features } from "../../extractors/index.js";
import type { Preparation } from "../../images/index.js";
import { pixelBlock } from "../prepare-images.js";
import { smoothTargets } from "../smooth-targets.js";
import { type Targets, wholeTargets } from "../targets.js";
import { mirrored } from "../teacher.js";
import type { DistillationData } from "../training.js";
import { atMost, type DistillationImages } from "./images.js";
import type { DistillExtractorPlan } from "./options.js";

/** All that a student learns from and is measured on. */
export interface Lesson {
  /** Images and targets. */
  readonly data: DistillationData;
  /** The teacher's features of training images that stand for the normal ones. */
  readonly bank: Features;
  /** The teacher's features of held-out images. */
  readonly heldOut: Features;
  /** Images that could not be read, one sentence each. */
  readonly unreadable: readonly string[];
}

const largestShare = 0.7;

/**
 * Asks the teacher. In memory are the pixels of all training images in the student's size and twice the teacher's features of
 * them, three times where targets are smoothed; not the images themselves.
 *
 * @param teacher - the teacher
 * @param images - the images
 * @param preparation - the student's
 * @param plan - what was asked for
 * @param cache - where the teacher's features are kept: true for the usual folder, or a folder
 * @param note - receives what was kept already
 * @returns the lesson
 * @throws RangeError when it would not fit into the memory of this machine
 * @throws DataError when no image can be read
 * @throws Aborted when interrupted
 */
export async function makeLesson(
  teacher: Extractor,
  images: DistillationImages,
  preparation: Preparation,
  plan: DistillExtractorPlan,
  cache: true | string,
  note: (text: string) => void,
): Promise<Lesson> {
  const { signal, seed, reportImages } = plan;
  const targetBytes = (plan.smoothing > 0 ? 12 : 8) * teacher.dimensions;
  checkMemory(images.train.length * (3 * preparation.crop ** 2 + targetBytes), plan.inputSize);
  const unreadable: string[] = [];
  const ask = (asked: ImageSet): Promise<Features> =>
    teacher.extract(asked, {
      cache,
      signal,
      onBadImage: ({ reason }) => void unreadable.push(reason),
      onCacheUse: ({ found, images }) =>
        note(`${teacher.name} features of ${found} of ${images} images were in the cache`),
    });
  const features = await ask(images.train);
  const train = features.images ?? images.train;
  const random = new Random(seed).fork("report");
  const bankImages = atMost(train, 2 * reportImages, random.fork("bank"));
  const positions = new Map(features.ids.map((id, i) => [id, i]));
  const bank = features.subset(bankImages.ids.map((id) => positions.get(id) as number));
  const heldOut = await ask(atMost(images.heldOut, reportImages, random.fork("held out")));
  const targets = plan.mirror ? meanOfBoth(features, await ask(mirrored(train))) : features.data.slice();
  return {
    data: {
      images: await pixelBlock(train, preparation, signal),
      targets: await smoothed(wholeTargets(targets, teacher.dimensions), plan),
    },
    bank,
    heldOut,
    unreadable,
  };
}

async function smoothed(
  targets: Targets,
  { smoothing, seed, signal }: DistillExtractorPlan,
): Promise<Targets> {
  if (smoothing === 0) return targets;
  return smoothTargets(targets, new Random(seed).fork("smoothing"), { neighbors: smoothing, signal });
}

/** @returns the means of the features, in the place of those of the mirrored images */
function meanOfBoth(straight: Features, { n, data }: Features): Float32Array {
  if (n !== straight.n) {
    throw new DataError(
      `images must stay as they are while they are learned from; ${straight.n - n} cannot be read any more: start again`,
    );
  }
  for (let i = 0; i < data.length; i++) data[i] = (straight.data[i] + data[i]) / 2;
  return data;
}

function checkMemory(bytes: number, inputSize: number): void {
  const gigabytes = (count: number) => (count / 1e9).toFixed(1);
  if (bytes <= largestShare * totalmem()) return;
  throw new RangeError(
    `the images at ${inputSize} px and their targets must fit into memory; they take ${gigabytes(bytes)} of ${gigabytes(totalmem())} GB: take a smaller input size or fewer images`,
  );
}
