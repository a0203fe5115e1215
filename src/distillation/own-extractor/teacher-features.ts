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

/** Where features are kept. */
export interface KeepOptions {
  /** Folder of the files. */
  readonly folder: string;
  /** SHA-256 of the content of all images. */
  readonly contentHash: string;
  /** Receives how far a large set is. */
  readonly note: (text: string) => void;
  /** Aborts between batches. */
  readonly signal?: AbortSignal;
}

/** Images whose features are kept together: so many are asked for again after a kill. */
const blockImages = 1000;

/**
 * Extracts features, or takes them from a folder where an earlier call left them, a thousand images at a time.
 *
 * @param extractor - the extractor
 * @param images - the images
 * @param options - folder, SHA-256 of the images' content, abort signal
 * @returns the features, whose `images` are those that could be read, and the others
 */
export async function keptFeatures(
  extractor: Extractor,
  images: ImageSet,
  options: KeepOptions,
): Promise<KeptFeatures> {
  if (images.length <= blockImages) return keptBlock(extractor, images, options);
  const parts: KeptFeatures[] = [];
  for (let start = 0; start < images.length; start += blockImages) {
    const end = Math.min(images.length, start + blockImages);
    const block = images.subset(Int32Array.from({ length: end - start }, (_, i) => start + i));
    parts.push(await keptBlock(extractor, block, options));
    if (end < images.length) options.note(`${extractor.name} has seen ${end} of ${images.length} images`);
  }
  const bad = parts.flatMap((part) => part.bad);
  const { d, provenance } = parts[0].features;
  const ids = parts.flatMap(({ features }) => features.ids);
  const data = new Float32Array(ids.length * d);
  let offset = 0;
  for (const { features } of parts) {
    data.set(features.data, offset);
    offset += features.data.length;
  }
  return { features: new Features(data, d, ids, { images: readable(images, ids), provenance }), bad };
}

async function keptBlock(
  extractor: Extractor,
  images: ImageSet,
  { folder, contentHash, signal }: KeepOptions,
): Promise<KeptFeatures> {
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
    const used = readable(images, files);
    return { features: new Features(data, shape[1], files, { images: used, provenance }), bad };
  } catch {
    return undefined;
  }
}

function readable(images: ImageSet, ids: readonly string[]): ImageSet {
  const positions = new Map(images.ids.map((id, i) => [id, i]));
  return images.subset(ids.map((id) => positions.get(id) ?? -1));
}
