import { readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkOptions } from "../../core/options.js";
import { readChunkList } from "./chunk.js";
import { aboutFile, chunkNames, type EntryAbout, entryFormat } from "./entry.js";
import { defaultFeatureFolder } from "./feature-cache.js";
import { readUnfinished, type UnfinishedExtraction, unfinishedFile } from "./unfinished.js";

/** What an entry of the cache holds. */
export interface CacheEntryInfo extends EntryAbout {
  /** Name of its folder. */
  readonly name: string;
  /** The folder. */
  readonly folder: string;
  /** Number of images, each counted once. */
  readonly images: number;
  /** Number of images by name of the set that they were extracted from. */
  readonly sets: Readonly<Record<string, number>>;
  /** Sets whose last extraction is not finished: interrupted, or still going on. */
  readonly unfinished: readonly UnfinishedExtraction[];
  /** Size of all its files. */
  readonly bytes: number;
  /** When it was last used, in milliseconds since 1970. */
  readonly lastUsed: number;
}

/**
 * Lists what the cache holds.
 *
 * @param folder - folder of the cache, default the usual one
 * @returns its entries, the one used last first; what is no entry is passed over
 */
export async function listCache(folder: string = defaultFeatureFolder()): Promise<CacheEntryInfo[]> {
  const names = await readdir(folder).catch(() => []);
  const entries: CacheEntryInfo[] = [];
  for (const name of names) {
    const entry = await infoOf(join(folder, name), name);
    if (entry) entries.push(entry);
  }
  return entries.sort((a, b) => b.lastUsed - a.lastUsed || (a.name < b.name ? -1 : 1));
}

/** What `clearCache` removes; an entry must fit all that is given. */
export interface ClearOptions {
  /** Names of entries, of extractors, or of sets that all images of an entry come from; default all. */
  readonly names?: readonly string[];
  /** Only entries that were not used for so many days. */
  readonly olderThanDays?: number;
}

/**
 * Removes entries from the cache. Only files that the cache wrote are removed: whatever else lies in its folders stays.
 *
 * @param folder - folder of the cache
 * @param options - which entries
 * @returns the entries that were removed
 * @throws RangeError for a name that fits no entry, or a number of days below 0
 */
export async function clearCache(
  folder: string = defaultFeatureFolder(),
  options: ClearOptions = {},
): Promise<CacheEntryInfo[]> {
  checkOptions("clearCache", options, ["names", "olderThanDays"]);
  const { names, olderThanDays = 0 } = options;
  if (!(olderThanDays >= 0)) {
    throw new RangeError(`olderThanDays must be a number of days, at least 0; got ${olderThanDays}`);
  }
  const entries = await listCache(folder);
  const unknown = names?.find((name) => !entries.some((entry) => fits(entry, name)));
  if (unknown !== undefined) {
    const known = entries.map(({ name }) => name).join(", ") || "nothing";
    throw new RangeError(`the cache ${folder} has no ${unknown}; it has ${known}`);
  }
  const before = Date.now() - olderThanDays * 86_400_000;
  const chosen = entries.filter(
    (entry) =>
      (names === undefined || names.some((name) => fits(entry, name))) &&
      (olderThanDays === 0 || entry.lastUsed < before),
  );
  for (const entry of chosen) await remove(entry.folder);
  return chosen;
}

function fits({ name, extractor, sets }: CacheEntryInfo, wanted: string): boolean {
  const own = Object.keys(sets);
  return name === wanted || extractor === wanted || (own.length === 1 && own[0] === wanted);
}

async function infoOf(folder: string, name: string): Promise<CacheEntryInfo | undefined> {
  const path = join(folder, aboutFile);
  let about: EntryAbout;
  let lastUsed: number;
  try {
    about = JSON.parse(await readFile(path, "utf8"));
    lastUsed = (await stat(path)).mtimeMs;
  } catch {
    return undefined;
  }
  if (about?.format !== entryFormat) return undefined;
  const seen = new Set<string>();
  const sets: Record<string, number> = {};
  for (const chunk of await chunkNames(folder)) {
    const list = await readChunkList(folder, chunk).catch(() => undefined);
    for (const key of list?.images ?? []) {
      if (seen.has(key)) continue;
      seen.add(key);
      sets[list?.set ?? ""] = (sets[list?.set ?? ""] ?? 0) + 1;
    }
  }
  let bytes = 0;
  const unfinished: UnfinishedExtraction[] = [];
  for (const file of (await readdir(folder)).sort()) {
    const left =
      unfinishedFile.test(file) && (await readUnfinished(join(folder, file), (key) => seen.has(key)));
    if (left) unfinished.push(left);
    bytes += (await stat(join(folder, file)).catch(() => undefined))?.size ?? 0;
  }
  return { ...about, name, folder, images: seen.size, sets, unfinished, bytes, lastUsed };
}

const ownFile =
  /^(about\.json|unfinished-[0-9a-f]{16}\.json|rows-[0-9a-f]{16}\.(npy|json)|wanted-[0-9a-f]{16}\.lock)(\..+)?$/;

async function remove(folder: string): Promise<void> {
  // The lists go first: rows without one do not count, so that an interrupted removal leaves nothing half.
  const files = (await readdir(folder)).filter((file) => ownFile.test(file));
  files.sort((a, b) => Number(b.endsWith(".json")) - Number(a.endsWith(".json")));
  for (const file of files) await rm(join(folder, file), { force: true });
  await rmdir(folder).catch(() => {});
}
