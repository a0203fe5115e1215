import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder } from "../../core/data-folders.js";
import { DataError, messageOf } from "../../core/errors.js";
import { withFileLock } from "../../core/file-lock.js";
import type { Aspect } from "../../core/image.js";
import { printNote } from "../../core/note.js";
import { checkInterrupted, ProgressMeter } from "../../core/progress.js";
import type { ImageSet } from "../../datasets/image-set.js";
import { type BadImage, type ExtractOptions, printBadImage, printCacheUse } from "../extract-options.js";
import type { FeatureBatch, FeatureBatchOptions } from "../feature-batches.js";
import { Features } from "../features.js";
import { type Maker, provenanceOf, readableOf } from "../features-of-rows.js";
import { ChunkWriter } from "./chunk-writer.js";
import { CacheEntry } from "./entry.js";
import { type ImageKeys, imageKeys } from "./image-key.js";
import type { RowPlaces } from "./row-places.js";
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
  readonly keys: ImageKeys;
  readonly options: ExtractOptions;
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

/** Extracts what is missing; the same request of another process is waited for, however far that is, which then has done it. */
async function complete(
  entry: CacheEntry,
  asked: Asked,
  places: RowPlaces,
): Promise<ReadonlyMap<number, BadImage>> {
  const missing = missingOf(asked, places);
  if (missing.length === 0) return new Map();
  await entry.touch();
  const wanted = createHash("sha256");
  const { distinct } = asked.keys;
  for (let number = 0; number < distinct.size; number++) wanted.update(distinct.key(number));
  const lock = join(entry.folder, `wanted-${wanted.digest("hex").slice(0, 16)}.lock`);
  const { signal } = asked.options;
  return withFileLock(lock, async () => extractMissing(entry, asked), {
    signal,
    onWait: (pid) => printNote(`process ${pid} is extracting the same features; waiting for it`),
  });
}

/** Positions of the images without features, the first of each content, and of those that cannot be read. */
function missingOf({ keys }: Asked, places: RowPlaces): Int32Array {
  const seen = new Uint8Array(keys.distinct.size);
  return positions(keys.length).filter((index) => {
    const number = keys.numbers[index];
    if (number < 0) return true;
    if (seen[number] === 1) return false;
    seen[number] = 1;
    return places.of(keys, index) === undefined;
  });
}

async function extractMissing(entry: CacheEntry, asked: Asked): Promise<ReadonlyMap<number, BadImage>> {
  const { maker, images, keys, options } = asked;
  const missing = missingOf(asked, await entry.places());
  if (missing.length === 0) return new Map();
  const subset = missing.length === images.length ? images : images.subset(missing);
  const label = `extracting ${maker.provenance.extractor} features`;
  const meter = new ProgressMeter(label, images.length, "images", options.signal);
  meter.skip(images.length - missing.length);
  const writer = new ChunkWriter(entry, { images: subset, keys, positions: missing });
  const { batchSize, signal } = options;
  const finished = await noteExtraction(entry.folder, {
    set: images.name,
    images: keys.distinct.size,
    missing: keysAt(keys, missing),
  });
  const reasons = new Map<number, string>();
  const onBad = (position: number, reason: string) => void reasons.set(missing[position], reason);
  const batches = maker.batches(subset, { batchSize, signal, meter, onBad });
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
    onBad(position, `${subset.ids[position]} changed while it was read; extract it again`);
  }
  await finished();
  return withCopies(asked, reasons);
}

/** What is bad, and all of the same content with it, each by its own name, in the order of the images. */
function withCopies({ images, keys }: Asked, reasons: ReadonlyMap<number, string>): Map<number, BadImage> {
  const bad = new Map<number, BadImage>();
  if (reasons.size === 0) return bad;
  const first = new Map([...reasons.keys()].map((index) => [keys.numbers[index], index]));
  for (let index = 0; index < keys.length; index++) {
    const id = images.ids[index];
    const number = keys.numbers[index];
    const own = reasons.get(index);
    const like = number < 0 ? undefined : first.get(number);
    if (own !== undefined) bad.set(index, { id, reason: own });
    else if (like !== undefined)
      bad.set(index, {
        id,
        reason: `${id} has the same content as ${images.ids[like]}: ${reasons.get(like)}`,
      });
  }
  return bad;
}

/** Reads each chunk once, and puts its rows to the positions among the good images. */
async function copyRows(
  entry: CacheEntry,
  asked: Asked,
  good: Int32Array,
  put: (position: number, rows: Float32Array) => void | Promise<void>,
): Promise<void> {
  const { dimensions } = asked.maker;
  let left = positions(good.length);
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt === mostAttempts) {
      throw new DataError(
        `features in ${entry.folder} must stay as they were written; they were damaged ${attempt} times while they were read: look at the disk`,
      );
    }
    let places = await entry.places();
    const placeOf = (position: number) => places.of(asked.keys, good[position]);
    if (!left.every(placeOf)) {
      await complete(entry, asked, places);
      places = await entry.places();
    }
    const lost = left.filter((position) => !placeOf(position));
    const found = left.filter(placeOf);
    const chunkOf = Int32Array.from(found, (position) => placeOf(position)?.chunk ?? -1);
    const order = positions(found.length).sort((a, b) => chunkOf[a] - chunkOf[b] || a - b);
    const damaged: number[] = [];
    for (let from = 0; from < order.length; ) {
      checkInterrupted(asked.options.signal);
      const chunk = chunkOf[order[from]];
      const rows = await entry.rows(places.chunks[chunk]);
      for (; from < order.length && chunkOf[order[from]] === chunk; from++) {
        const position = found[order[from]];
        const row = placeOf(position)?.row ?? 0;
        if (rows) await put(position, rows.subarray(row * dimensions, (row + 1) * dimensions));
        else damaged.push(position);
      }
    }
    left = Int32Array.from([...lost, ...damaged]);
  }
}

function* keysAt(keys: ImageKeys, indices: Int32Array): Generator<string> {
  for (const index of indices) {
    const key = keys.key(index);
    if (key !== undefined) yield key;
  }
}

function aspectsOf(keys: ImageKeys, indices: Int32Array): Set<Aspect> {
  const aspects = new Set<Aspect>();
  for (const index of indices) {
    const aspect = keys.aspect(index);
    if (aspect !== undefined) aspects.add(aspect);
  }
  return aspects;
}

/** 0 to n - 1. */
function positions(n: number): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: n }, (_, i) => i);
}
