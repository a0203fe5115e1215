import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ImageSet } from "../../datasets/index.js";
import { type BadImage, type Extractor, Features, readNpy, writeFeatures } from "../../extractors/index.js";

/** Features of the images that could be read. */
export interface KeptFeatures {
  readonly features: Features;
  readonly bad: readonly BadImage[];
}

/**
 * Extracts features, or takes them from a folder where an earlier call left them.
 *
 * @param extractor - the extractor
 * @param images - the images
 * @param options - folder, SHA-256 of the images' content, abort signal
 * @returns the features, whose `images` are those that could be read, and the others
 */
export async function keptFeatures(
  extractor: Extractor,
  images: ImageSet,
  options: { folder: string; contentHash: string; signal?: AbortSignal },
): Promise<KeptFeatures> {
  const { folder, contentHash, signal } = options;
  const key = createHash("sha256")
    .update(JSON.stringify([contentHash, extractor.provenance, images.ids]))
    .digest("hex");
  const path = join(folder, `${key}.npy`);
  const kept = await readKept(path, images);
  if (kept) return kept;
  const bad: BadImage[] = [];
  const features = await extractor.extract(images, { signal, onBadImage: (image) => void bad.push(image) });
  await mkdir(folder, { recursive: true });
  await writeFeatures(path, features, { bad });
  return { features, bad };
}

async function readKept(path: string, images: ImageSet): Promise<KeptFeatures | undefined> {
  try {
    const { files, provenance, bad } = JSON.parse(await readFile(path.replace(/\.npy$/, ".json"), "utf8"));
    const { shape, data } = await readNpy(path);
    if (!(data instanceof Float32Array) || shape[0] !== files.length) return undefined;
    const positions = new Map(images.ids.map((id, i) => [id, i]));
    const used = images.subset(files.map((id: string) => positions.get(id) ?? -1));
    return { features: new Features(data, shape[1], files, { images: used, provenance }), bad };
  } catch {
    return undefined;
  }
}
