import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder } from "../../core/data-folders.js";
import { DataError, messageOf } from "../../core/errors.js";
import { withFileLock } from "../../core/file-lock.js";
import { printNote } from "../../core/note.js";
import { ProgressMeter } from "../../core/progress.js";
import type { ImageSet } from "../../datasets/image-set.js";
import { type BadImage, type ExtractOptions, printBadImage, printCacheUse } from "../extract-options.js";
import type { FeatureBatch, FeatureBatchOptions } from "../feature-batches.js";
import { Features } from "../features.js";
import { type Maker, provenanceOf, readableOf } from "../features-of-rows.js";
import type { Chunk } from "./chunk.js";
import { ChunkWriter } from "./chunk-writer.js";
import { CacheEntry, type RowPlace, type RowPlaces } from "./entry.js";
import { type ImageKey, imageKeys } from "./image-key.js";
import { noteExtraction } from "./unfinished.js";

/** An extractor, as the cache needs it. */
export interface CachedMaker extends Maker {
  /** @returns features batch by batch */
  batches(images: ImageSet, options: FeatureBatchOptions): AsyncGenerator<FeatureBatch, void, undefined>;
}

/** Features that are all in the cache. */
export interface StoredFeatures extends Pick<Features, "ids" | "provenance"> {
  /** The images that could be read. */
  readonly images: ImageSet;
  /** The others. */
  readonly bad: readonly BadImage[];
  /** Copies the rows piece by piece; a piece starts at the position of its first image. */
  copy(put: (position: number, rows: Float32Array) => void | Promise<void>): Promise<void>;
}

interface Asked {
  readonly maker: CachedMaker;
  readonly images: ImageSet;
  readonly keys: readonly (ImageKey | undefined)[];
  readonly options: ExtractOptions;
}

interface Wanted {
  /** Position among the images asked for. */
  readonly index: number;
  /** Position among those that can be read. */
  readonly position: number;
}

/** Damage that is met while reading is computed again so many times at most. */
const mostAttempts = 3;

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
    const found = keys.filter((key) => key && before.has(key.key)).length;
    if (found > 0) {
      await entry.touch();
      onCacheUse({ extractor: maker.provenance.extractor, found, images: images.length });
    }
    const bad = await complete(entry, asked, before);
    for (const one of bad.values()) onBadImage(one);
    const good = [...keys.keys()].filter((index) => !bad.has(index));
    const used = readableOf(images, good, [...bad.values()]);
    return {
      images: used,
      ids: used.ids,
      bad: [...bad.values()],
      provenance: provenanceOf(maker, new Set(good.flatMap((index) => keys[index]?.aspect ?? []))),
      copy: (put) => copyRows(entry, asked, good, put),
    };
  }
}

/** @returns the folder in which features are kept where no other is named: DN2_FEATURES, else `features` in the cache folder */
export function defaultFeatureFolder(): string {
  return resolve(process.env.DN2_FEATURES || join(cacheFolder(), "features"));
}

/** Extracts what is missing; the same request of another process is waited for, which then has done it. */
async function complete(
  entry: CacheEntry,
  asked: Asked,
  places: RowPlaces,
): Promise<ReadonlyMap<number, BadImage>> {
  const missing = missingOf(asked, places);
  if (missing.length === 0) return new Map();
  await entry.touch();
  const wanted = createHash("sha256");
  for (const index of missing) wanted.update(asked.keys[index]?.key ?? "");
  const lock = join(entry.folder, `wanted-${wanted.digest("hex").slice(0, 16)}.lock`);
  const { signal } = asked.options;
  return withFileLock(lock, async () => extractMissing(entry, asked), {
    signal,
    onWait: (pid) => printNote(`process ${pid} is extracting the same features; waiting for it`),
  });
}

function missingOf({ keys }: Asked, places: RowPlaces): number[] {
  const seen = new Set<string>();
  return [...keys.keys()].filter((index) => {
    const key = keys[index]?.key;
    if (key === undefined) return true;
    if (places.has(key) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

async function extractMissing(entry: CacheEntry, asked: Asked): Promise<ReadonlyMap<number, BadImage>> {
  const { maker, images, keys, options } = asked;
  const missing = missingOf(asked, await entry.places());
  const bad = new Map<number, BadImage>();
  if (missing.length === 0) return bad;
  const subset = images.subset(missing);
  const label = `extracting ${maker.provenance.extractor} features`;
  const meter = new ProgressMeter(label, images.length, "images", options.signal);
  meter.skip(images.length - missing.length);
  const writer = new ChunkWriter(
    entry,
    subset,
    missing.map((index) => keys[index]),
  );
  const { batchSize, signal } = options;
  const sameAs = positionsByKey(keys);
  const finished = await noteExtraction(entry.folder, {
    set: images.name,
    images: sameAs.size,
    missing: missing.flatMap((index) => keys[index]?.key ?? []),
  });
  const refuse = (position: number, reason: string) => {
    const index = missing[position];
    for (const one of sameAs.get(keyAt(asked, index)) ?? [index])
      bad.set(one, { id: images.ids[one], reason });
  };
  const batches = maker.batches(subset, { batchSize, signal, meter, onBad: refuse });
  try {
    for await (const { indices, data } of batches) {
      for (const [i, index] of indices.entries()) {
        await writer.add(index, data.subarray(i * maker.dimensions, (i + 1) * maker.dimensions));
      }
    }
  } finally {
    await writer.flush();
  }
  for (const position of writer.changed) {
    refuse(position, `${subset.ids[position]} changed while it was read; extract it again`);
  }
  await finished();
  return new Map([...bad].sort(([a], [b]) => a - b));
}

async function copyRows(
  entry: CacheEntry,
  asked: Asked,
  good: readonly number[],
  put: (position: number, rows: Float32Array) => void | Promise<void>,
): Promise<void> {
  const { dimensions } = asked.maker;
  let left: Wanted[] = good.map((index, position) => ({ index, position }));
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt === mostAttempts) {
      throw new DataError(
        `features in ${entry.folder} must stay as they were written; they were damaged ${attempt} times while they were read: look at the disk`,
      );
    }
    let places = await entry.places();
    const isThere = ({ index }: Wanted) => places.has(keyAt(asked, index));
    if (!left.every(isThere)) {
      await complete(entry, asked, places);
      places = await entry.places();
    }
    const byChunk = new Map<Chunk, Wanted[]>();
    for (const one of left.filter(isThere)) {
      const { chunk } = places.get(keyAt(asked, one.index)) as RowPlace;
      const list = byChunk.get(chunk);
      if (list) list.push(one);
      else byChunk.set(chunk, [one]);
    }
    left = left.filter((one) => !isThere(one));
    for (const [chunk, wanted] of byChunk) {
      const rows = await entry.rows(chunk);
      if (!rows) {
        left.push(...wanted);
        continue;
      }
      for (const { index, position } of wanted) {
        const { row } = places.get(keyAt(asked, index)) as RowPlace;
        await put(position, rows.subarray(row * dimensions, (row + 1) * dimensions));
      }
    }
  }
}

function positionsByKey(keys: Asked["keys"]): ReadonlyMap<string, readonly number[]> {
  const positions = new Map<string, number[]>();
  for (const [index, key] of keys.entries()) {
    if (!key) continue;
    const list = positions.get(key.key);
    if (list) list.push(index);
    else positions.set(key.key, [index]);
  }
  return positions;
}

function keyAt({ keys }: Asked, index: number): string {
  return keys[index]?.key ?? "";
}
