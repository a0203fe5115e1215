import { totalmem } from "node:os";
import { Random } from "../../core/random.js";
import type { Extractor, Features } from "../../extractors/index.js";
import type { Preparation } from "../../images/index.js";
import { pixelBlock } from "../prepare-images.js";
import { wholeTargets } from "../targets.js";
import { mirrored } from "../teacher.js";
import type { DistillationData } from "../training.js";
import { atMost, type DistillationImages } from "./images.js";
import type { DistillExtractorPlan } from "./options.js";
import { keptFeatures } from "./teacher-features.js";

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
 * them, not the images themselves.
 *
 * @param teacher - the teacher
 * @param images - the images
 * @param preparation - the student's
 * @param plan - what was asked for
 * @param folder - where the teacher's features are kept
 * @param note - receives how far the teacher is
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
  folder: string,
  note: (text: string) => void,
): Promise<Lesson> {
  const { signal, seed, reportImages } = plan;
  checkMemory(images.train.length * (3 * preparation.crop ** 2 + 8 * teacher.dimensions), plan.inputSize);
  const options = { folder, contentHash: images.contentHash, note, signal };
  const straight = await keptFeatures(teacher, images.train, options);
  const { features } = straight;
  const train = features.images ?? images.train;
  const random = new Random(seed).fork("report");
  const bankImages = atMost(train, 2 * reportImages, random.fork("bank"));
  const positions = new Map(features.ids.map((id, i) => [id, i]));
  const bank = features.subset(bankImages.ids.map((id) => positions.get(id) as number));
  const asked = atMost(images.heldOut, reportImages, random.fork("held out"));
  const heldOut = await keptFeatures(teacher, asked, options);
  const targets = features.data.slice();
  if (plan.mirror) {
    const turned = (await keptFeatures(teacher, mirrored(train), options)).features.data;
    for (let i = 0; i < targets.length; i++) targets[i] = (targets[i] + turned[i]) / 2;
  }
  return {
    data: {
      images: await pixelBlock(train, preparation, signal),
      targets: wholeTargets(targets, teacher.dimensions),
    },
    bank,
    heldOut: heldOut.features,
    unreadable: [...straight.bad, ...heldOut.bad].map(({ reason }) => reason),
  };
}

function checkMemory(bytes: number, inputSize: number): void {
  const gigabytes = (count: number) => (count / 1e9).toFixed(1);
  if (bytes <= largestShare * totalmem()) return;
  throw new RangeError(
    `the images at ${inputSize} px and their targets must fit into memory; they take ${gigabytes(bytes)} of ${gigabytes(totalmem())} GB: take a smaller input size or fewer images`,
  );
}
