import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder, dataFolders, findData } from "../../core/data-folders.js";
import { diskError, isDiskError } from "../../core/disk-error.js";
import { DataError, messageOf } from "../../core/errors.js";
import { withFileLock } from "../../core/file-lock.js";
import { kernelBridge } from "../../core/kernel-bridge.js";
import { printNote } from "../../core/note.js";
import { checkOptions } from "../../core/options.js";
import {
  archiveEnding,
  archiveEndings,
  type CatalogEntry,
  type CatalogFile,
  entryNamed,
  isHere,
  placeOf,
  readCatalog,
} from "./catalog.js";
import { mismatch } from "./checksum.js";
import { type DownloadContext, download } from "./download.js";
import { openConnections, Transient } from "./request.js";
import { unpackArchive } from "./unpack.js";

/** Options of `fetchData`. */
export interface FetchOptions {
  /** Address of an own mirror, which has every file under its path in a data folder; default DN2_MIRROR, else none. */
  mirror?: string;
  /** Told, in a sentence, what goes wrong and is tried again; by default it is printed. */
  onNote?: (text: string) => void;
  /** Aborts; what has come so far is kept and continued by the next call. */
  signal?: AbortSignal;
  /** The catalog, default the package's own. */
  catalog?: readonly CatalogEntry[];
  /** Milliseconds before each new try after a failure. @default 1, 2, 4, 8 and 16 s */
  delays?: readonly number[];
  /** Milliseconds without a byte after which a connection counts as broken. @default 60,000 */
  idleMs?: number;
}

/** Where a fetched data set or file of weights is. */
export interface Fetched {
  /** Name of the entry. */
  readonly name: string;
  /** Its files or folders. */
  readonly paths: readonly string[];
  /** How many of them were fetched now; the others were here. */
  readonly fetched: number;
  /** What its publisher allows. */
  readonly licence: string;
  /** What to cite. */
  readonly citation: string;
}

/**
 * Fetches data sets and weights of the catalog into the cache folder; nothing else in dn2 asks the network for anything.
 *
 * @param names - name or names of catalog entries
 * @param options - mirror, signal
 * @returns one entry for each name
 * @throws RangeError listing the valid names, or when the mirror is no web address
 * @throws DataError when a server cannot be reached, or sends other content than the catalog says, or a file cannot be written
 * @throws Aborted when interrupted; run again to go on
 */
export async function fetchData(
  names: string | readonly string[],
  options: FetchOptions = {},
): Promise<Fetched[]> {
  checkOptions("fetchData", options, ["mirror", "onNote", "signal", "catalog", "delays", "idleMs"]);
  const catalog = options.catalog ?? readCatalog();
  const entries = (typeof names === "string" ? [names] : names).map((name) => entryNamed(name, catalog));
  for (const entry of entries) {
    if (entry.files.length === 0 && !isHere(entry)) {
      throw new DataError(
        `${entry.name}: ${entry.prepare}; data folders are ${dataFolders().join(" and ")} (${entry.homepage})`,
      );
    }
  }
  const mirror = checkMirror(options.mirror ?? process.env.DN2_MIRROR ?? "");
  const signals = [options.signal, kernelBridge()?.signal].filter((signal) => signal !== undefined);
  const connections = openConnections(options.idleMs ?? 60_000);
  const context = {
    connections,
    signal: AbortSignal.any(signals),
    delays: options.delays ?? [1000, 2000, 4000, 8000, 16_000],
    note: options.onNote ?? printNote,
  };
  try {
    const done: Fetched[] = [];
    for (const entry of entries) done.push(await fetchEntry(entry, mirror, context));
    return done;
  } finally {
    await connections.dispatcher.destroy();
  }
}

async function fetchEntry(entry: CatalogEntry, mirror: string, context: DownloadContext): Promise<Fetched> {
  const byHand = entry.files.length === 0 ? placeOf(entry) : undefined;
  const paths: string[] = byHand ? [byHand] : [];
  let fetched = 0;
  for (const file of entry.files) {
    const here = findData(file.path);
    if (here && (await isGood(here, file, context))) {
      paths.push(here);
      continue;
    }
    const path = join(cacheFolder(), file.path);
    const onWait = (pid: number) => context.note(`${file.path}: process ${pid} is fetching it; waiting`);
    const work = async () => {
      if (existsSync(path) && (await isGood(path, file, context))) return;
      await fetchFile(file, path, mirror, context);
      fetched++;
    };
    try {
      await mkdir(dirname(path), { recursive: true });
      await withFileLock(`${path}.lock`, work, { onWait, signal: context.signal });
    } catch (error) {
      throw isDiskError(error) ? diskError(error, path) : error;
    }
    paths.push(path);
  }
  return { name: entry.name, paths, fetched, licence: entry.licence, citation: entry.citation };
}

async function fetchFile(
  file: CatalogFile,
  path: string,
  mirror: string,
  context: DownloadContext,
): Promise<void> {
  if (!file.unpack) return fetchTo(path, file.path, file, mirror, context);
  const byHand = archiveEndings.map((ending) => path + ending).find((one) => existsSync(one));
  const ending = archiveEnding(file.url);
  const archive = byHand ?? path + ending;
  if (!byHand) await fetchTo(archive, file.path + ending, file, mirror, context);
  try {
    await unpackArchive(archive, path, file.unpack, context.signal);
  } catch (error) {
    if (error instanceof DataError) await rename(archive, `${archive}.mismatch`);
    throw error;
  }
  await rm(archive, { force: true });
}

async function fetchTo(
  target: string,
  place: string,
  file: CatalogFile,
  mirror: string,
  context: DownloadContext,
): Promise<void> {
  const url = mirror ? `${mirror.replace(/\/+$/, "")}/${place}` : file.url;
  try {
    await download(url, target, file, context);
  } catch (error) {
    if (error instanceof Transient) throw unreachable(url, place, target, error, mirror);
    throw error;
  }
}

/** A file that is there under the name but has other content is told about and, in the cache folder, set aside. */
async function isGood(path: string, file: CatalogFile, { note }: DownloadContext): Promise<boolean> {
  const wrong = file.unpack ? undefined : await mismatch(path, file);
  if (!wrong) return true;
  const found = `${path} must have ${wrong.required}; it has ${wrong.came}`;
  if (path !== join(cacheFolder(), file.path)) {
    note(`${found}; it is used before what is fetched now: move it away if it is not what you want`);
    return false;
  }
  await rename(path, `${path}.mismatch`);
  note(`${found} and is kept as ${path}.mismatch`);
  return false;
}

function unreachable(url: string, place: string, target: string, error: Error, mirror: string): DataError {
  const other = mirror ? "check the mirror's address" : "name a mirror in DN2_MIRROR";
  return new DataError(
    `${place} could not be fetched from ${new URL(url).host} (${messageOf(error)}): check the connection and HTTPS_PROXY, ${other}, or put the file there by hand: ${target}; what came so far is kept`,
    target,
    error,
  );
}

function checkMirror(mirror: string): string {
  if (mirror === "" || (/^https?:/i.test(mirror) && URL.canParse(mirror))) return mirror;
  throw new RangeError(
    `a mirror (DN2_MIRROR) must be a web address like https://mirror.example/dn2; got ${mirror}`,
  );
}
