import { rm } from "node:fs/promises";
import { DataError } from "../core/errors.js";
import { writeFileAtomically } from "../core/write-file.js";
import type { ImageSet } from "../datasets/image-set.js";
import { FeatureCache } from "./cache/feature-cache.js";
import type { BadImage, ExtractOptions } from "./extract-options.js";
import type { Extractor } from "./extractor.js";
import type { Features } from "./features.js";
import { writeNpy } from "./npy.js";
import { NpyWriter } from "./npy-writer.js";

/**
 * Writes features as n x d float32 in NumPy's format, and beside them a JSON file of the same name with `files` (the
 * ids of the rows), `provenance` and `bad` (images left out, with the reason).
 *
 * @param path - file name, ends in .npy; the JSON file's ends in .json
 * @param features - what to write
 * @param about - `bad`: the images that were left out
 */
export async function writeFeatures(
  path: string,
  features: Features,
  about: { bad?: readonly BadImage[] } = {},
): Promise<void> {
  const { n, d, data } = features;
  await writeNpy(path, { shape: [n, d], data });
  await writeList(path, features, about.bad ?? []);
}

/**
 * Extracts features into a file as `writeFeatures` writes it. They go to the cache as they come, and from there to the file, so that
 * memory does not grow with the number of images but by their names, and an interrupted extraction goes on where it was. Without a
 * cache a folder beside the file holds them meanwhile.
 *
 * @param extractor - the extractor
 * @param images - the images
 * @param path - file name, ends in .npy
 * @param options - those of `Extractor.extract`
 * @returns number of features and images left out
 * @throws DataError when no image could be read
 * @throws Aborted when interrupted; the same call goes on from there
 */
export async function extractToFile(
  extractor: Extractor,
  images: ImageSet,
  path: string,
  options: ExtractOptions = {},
): Promise<{ n: number; bad: readonly BadImage[] }> {
  const own = `${path}.unfinished`;
  const cache = FeatureCache.from(options.cache);
  const stored = await (cache ?? new FeatureCache(own))
    .store(extractor, images, options)
    .catch(async (error) => {
      if (!cache && error instanceof DataError) await rm(own, { recursive: true, force: true });
      throw error;
    });
  const { ids, bad } = stored;
  const writer = await NpyWriter.start(path, ids.length, extractor.dimensions);
  try {
    await stored.copy((position, rows) => writer.put(position, rows));
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  await writeList(path, stored, bad);
  if (!cache) await rm(own, { recursive: true, force: true });
  return { n: ids.length, bad };
}

async function writeList(
  path: string,
  { ids, provenance }: Pick<Features, "ids" | "provenance">,
  bad: readonly BadImage[],
): Promise<void> {
  const list = `${JSON.stringify({ files: ids, provenance, bad }, null, 1)}\n`;
  await writeFileAtomically(path.replace(/\.npy$/, ".json"), list);
}
