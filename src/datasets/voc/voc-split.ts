import { join } from "node:path";
import { Random } from "../../core/random.js";
import { compareNaturally } from "../order.js";
import { type Split, splitByClass } from "../split.js";
import { readVocList, type VocLayout, type VocPart } from "./layout.js";

const trainShare = 0.8;

/** What a split needs to know of a crop. */
export interface SplitCrop {
  /** Name of the picture without ending. */
  readonly picture: string;
  /** Class of the object. */
  readonly name: string;
  /** The part that the picture's folder states. */
  readonly part?: VocPart;
}

/**
 * Splits crops as the data set's publisher did, by picture: by its lists (test.txt, or where there is none val.txt, against
 * the others), else by its folders of pictures (JPEGImages-test against the others); where it states neither, by seed.
 *
 * @param folder - the data set's folder
 * @param layout - where it has its lists
 * @param crops - the crops
 * @param seed - seed of a split that the publisher does not state
 * @returns positions of training and test crops, and sentences about the split
 */
export async function splitCrops(
  folder: string,
  layout: VocLayout,
  crops: readonly SplitCrop[],
  seed: number,
): Promise<{ split: Split; notes: string[] }> {
  return (await splitByLists(folder, layout, crops)) ?? splitByFolders(crops) ?? splitBySeed(crops, seed);
}

async function splitByLists(folder: string, { lists }: VocLayout, crops: readonly SplitCrop[]) {
  const names = async (part: VocPart) => {
    const path = lists.get(part);
    return path === undefined ? new Set<string>() : readVocList(join(folder, path));
  };
  const [train, val, trainval, test] = await Promise.all(
    (["train", "val", "trainval", "test"] as const).map(names),
  );
  const [held, heldPart] = test.size > 0 ? [test, "test" as const] : [val, "val" as const];
  const trained = new Set([...train, ...trainval, ...val].filter((name) => !held.has(name)));
  const split = {
    train: positions(
      crops,
      ({ picture }) => !held.has(picture) && (trained.size === 0 || trained.has(picture)),
    ),
    test: positions(crops, ({ picture }) => held.has(picture)),
  };
  if (split.test.length === 0 || (heldPart === "val" && split.train.length === 0)) return undefined;
  const unnamed = crops.length - split.train.length - split.test.length;
  const others = trained.size === 0 ? "all other pictures train" : "the pictures of the other lists train";
  return {
    split,
    notes: [
      `split by ${lists.get(heldPart)}; ${others}`,
      ...(unnamed > 0 ? [`${unnamed} objects left out: no list names the picture`] : []),
    ],
  };
}

function splitByFolders(crops: readonly SplitCrop[]) {
  const held = crops.some(({ part }) => part === "test") ? "test" : "val";
  const split = {
    train: positions(crops, ({ part }) => part !== held),
    test: positions(crops, ({ part }) => part === held),
  };
  if (split.test.length === 0 || split.train.length === 0) return undefined;
  return { split, notes: [`split by the folders of pictures: that of ${held} against the others`] };
}

function splitBySeed(crops: readonly SplitCrop[], seed: number) {
  const names = [...new Set(crops.map(({ name }) => name))].sort(compareNaturally);
  const labels = crops.map(({ name }) => names.indexOf(name));
  return {
    split: splitByClass(labels, trainShare, new Random(seed)),
    notes: [
      `split by seed ${seed}, as no list of pictures states one: of each class ${100 * trainShare} % of the crops train, the others test`,
    ],
  };
}

function positions(crops: readonly SplitCrop[], keep: (crop: SplitCrop) => boolean): number[] {
  return crops.flatMap((crop, i) => (keep(crop) ? [i] : []));
}
