import { createHash } from "node:crypto";
import { join } from "node:path";
import { diskError, isDiskError } from "../../core/disk-error.js";
import { withFileLock } from "../../core/file-lock.js";
import { printNote } from "../../core/note.js";
import { ProgressMeter } from "../../core/progress.js";
import type { BadImage } from "../extract-options.js";
import { type Asked, positions } from "./asked.js";
import { ChunkWriter } from "./chunk-writer.js";
import type { CacheEntry } from "./entry.js";
import type { ImageKeys } from "./image-key.js";
import type { RowPlaces } from "./row-places.js";
import { noteExtraction } from "./unfinished.js";

/**
 * Extracts what is missing; the same request of another process is waited for, however far that is, which then has done it.
 *
 * @param entry - the extractor's entry
 * @param asked - what is asked for
 * @param places - what was there
 * @returns the images that cannot be read, by position
 * @throws DataError when they cannot be written
 * @throws Aborted when interrupted; what was extracted is kept
 */
export async function complete(
  entry: CacheEntry,
  asked: Asked,
  places: RowPlaces,
): Promise<ReadonlyMap<number, BadImage>> {
  if (missingOf(asked, places).length === 0) return new Map();
  try {
    await entry.touch();
    return await withFileLock(lockOf(entry, asked), async () => extractMissing(entry, asked), {
      signal: asked.options.signal,
      onWait: (pid) => printNote(`process ${pid} is extracting the same features; waiting for it`),
    });
  } catch (error) {
    if (isDiskError(error)) throw diskError(error, entry.folder, "name another folder for features");
    throw error;
  }
}

/** One lock a request: the keys of all its images. */
function lockOf(entry: CacheEntry, { keys: { distinct } }: Asked): string {
  const wanted = createHash("sha256");
  for (let number = 0; number < distinct.size; number++) wanted.update(distinct.key(number));
  return join(entry.folder, `wanted-${wanted.digest("hex").slice(0, 16)}.lock`);
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

function* keysAt(keys: ImageKeys, indices: Int32Array): Generator<string> {
  for (const index of indices) {
    const key = keys.key(index);
    if (key !== undefined) yield key;
  }
}
