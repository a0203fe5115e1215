import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ImageSet } from "../datasets/image-set.js";
import { type BadImage, Features, type Provenance, readNpy, writeFeatures } from "../extractors/index.js";

/** Keeps extracted features in a folder, so that an experiment that is run again starts at its search. */
export class FeatureCache {
  /** @param folder - where files are kept; made when something is written */
  constructor(readonly folder: string) {}

  /**
   * Takes features from the folder, or extracts and keeps them. Files are found by a hash of the images' names, of the data
   * set and of all that decides about the features but the engine's version; a file that is not whole is written anew.
   *
   * @param images - the images
   * @param contentHash - sha256 of the data set
   * @param expected - where the features will come from
   * @param extract - extracts them, reporting images that cannot be read
   * @returns the features, the images left out, and whether they came from the folder
   */
  async features(
    images: ImageSet,
    contentHash: string,
    expected: Provenance,
    extract: () => Promise<{ features: Features; bad: readonly BadImage[] }>,
  ): Promise<{ features: Features; bad: readonly BadImage[]; isHit: boolean }> {
    const { extractor, layer, weightsHash, preparation, engine } = expected;
    const key = createHash("sha256")
      .update(JSON.stringify([contentHash, extractor, layer, weightsHash, preparation, engine]))
      .update(images.ids.join("\n"))
      .digest("hex");
    const path = join(this.folder, `${key}.npy`);
    const kept = await readKept(path, images);
    if (kept) return { ...kept, isHit: true };
    const { features, bad } = await extract();
    await mkdir(this.folder, { recursive: true });
    await writeFeatures(path, features, { bad });
    return { features, bad, isHit: false };
  }
}

async function readKept(
  path: string,
  images: ImageSet,
): Promise<{ features: Features; bad: readonly BadImage[] } | undefined> {
  try {
    const { files, provenance, bad } = JSON.parse(await readFile(path.replace(/\.npy$/, ".json"), "utf8"));
    const { shape, data } = await readNpy(path);
    if (!(data instanceof Float32Array) || shape.length !== 2 || shape[0] !== files.length) return undefined;
    const positions = new Map(images.ids.map((id, i) => [id, i]));
    const used = images.subset(files.map((id: string) => positions.get(id) ?? -1));
    return { features: new Features(data, shape[1], files, { images: used, provenance }), bad };
  } catch {
    return undefined;
  }
}
