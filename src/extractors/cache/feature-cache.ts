import { accessSync, constants, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder } from "../../core/data-folders.js";
import { DataError, messageOf } from "../../core/errors.js";
import type { Aspect } from "../../core/image.js";
import type { ImageSet } from "../../datasets/image-set.js";
import { type BadImage, type ExtractOptions, printBadImage, printCacheUse } from "../extract-options.js";
import { Features } from "../features.js";
import { provenanceOf, readableOf } from "../features-of-rows.js";
import { type CachedMaker, positions } from "./asked.js";
import { complete } from "./complete.js";
import { copyRows } from "./copy-rows.js";
import { CacheEntry } from "./entry.js";
import { type ImageKeys, imageKeys } from "./image-key.js";

/** Features that are all in the cache. */
export interface StoredFeatures extends Pick<Features, "ids" | "provenance"> {
  /** The images that could be read. */
  readonly images: ImageSet;
  /** The others. */
  readonly bad: readonly BadImage[];
  /** Copies the rows piece by piece; a piece starts at the position of its first image. */
  copy(put: (position: number, rows: Float32Array) => void | Promise<void>): Promise<void>;
}

/**
 * Features on disk, one entry an extractor, in it one row an image content: what was extracted once is found again for every subset, copy
 * and extension of a set. docs/feature-cache.md describes the files.
 */
export class FeatureCache {
  /** @param folder - where the entries are; made when something is written */
  constructor(readonly folder: string) {}

  /**
   * @param choice - true for the usual folder, a folder, or false
   * @returns the cache, whose folder is there; undefined for none, and where the usual folder cannot be written
   * @throws DataError when the folder that is named cannot be written
   */
  static from(choice: boolean | string | undefined): FeatureCache | undefined {
    if (choice === undefined || choice === false) return undefined;
    const folder = choice === true ? defaultFeatureFolder() : resolve(choice);
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
    } catch (error) {
      const reason = `features cannot be kept in ${folder}: ${messageOf(error)}`;
      if (choice !== true) throw new DataError(`${reason}; name another folder`, folder, error);
      process.stderr.write(`${reason}; they are extracted without being kept\n`);
      return undefined;
    }
    return new FeatureCache(folder);
  }

  /**
   * Takes features from the cache, and extracts and keeps those that are missing.
   *
   * @param maker - the extractor
   * @param images - the images
   * @param options - those of `Extractor.extract`
   * @returns the features
   * @throws DataError when no image could be read
   * @throws Aborted when interrupted; what was extracted is kept
   */
  async features(maker: CachedMaker, images: ImageSet, options: ExtractOptions): Promise<Features> {
    const stored = await this.store(maker, images, options);
    const { ids, provenance } = stored;
    const data = new Float32Array(ids.length * maker.dimensions);
    await stored.copy((position, rows) => data.set(rows, position * maker.dimensions));
    return new Features(data, maker.dimensions, ids, { images: stored.images, provenance });
  }

  /**
   * Extracts what is missing, so that all features are in the cache. Memory grows with the number of images by their names only.
   *
   * @param maker - the extractor
   * @param images - the images
   * @param options - those of `Extractor.extract`
   * @returns where the features are
   * @throws DataError when no image could be read
   * @throws Aborted when interrupted; what was extracted is kept
   */
  async store(maker: CachedMaker, images: ImageSet, options: ExtractOptions): Promise<StoredFeatures> {
    const { signal, onBadImage = printBadImage, onCacheUse = printCacheUse } = options;
    const entry = new CacheEntry(this.folder, maker);
    const keys = await imageKeys(images, signal);
    const asked = { maker, images, keys, options };
    const before = await entry.places();
    let found = 0;
    for (let i = 0; i < keys.length; i++) if (before.of(keys, i)) found++;
    if (found > 0) {
      await entry.touch();
      onCacheUse({ extractor: maker.provenance.extractor, found, images: images.length });
    }
    const bad = await complete(entry, asked, before);
    for (const one of bad.values()) onBadImage(one);
    const good = positions(keys.length).filter((index) => !bad.has(index));
    const used = readableOf(images, good, [...bad.values()]);
    return {
      images: used,
      ids: used.ids,
      bad: [...bad.values()],
      provenance: provenanceOf(maker, aspectsOf(keys, good)),
      copy: (put) => copyRows(entry, asked, good, put),
    };
  }
}

/** @returns the folder in which features are kept where no other is named: DN2_FEATURES, else `features` in the cache folder */
export function defaultFeatureFolder(): string {
  return resolve(process.env.DN2_FEATURES || join(cacheFolder(), "features"));
}

function aspectsOf(keys: ImageKeys, indices: Int32Array): Set<Aspect> {
  const aspects = new Set<Aspect>();
  for (const index of indices) {
    const aspect = keys.aspect(index);
    if (aspect !== undefined) aspects.add(aspect);
  }
  return aspects;
}
