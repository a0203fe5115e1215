import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findData, packageRoot } from "../../core/data-folders.js";
import { DataError, whyNotJson } from "../../core/errors.js";
import { oneOf } from "../../core/options.js";

/** What an archive is unpacked to, and how the outcome is known to be right. */
export interface UnpackRule {
  /** Paths below the archive's own top folder that are kept: folders end in "/", others are files. */
  readonly keep: readonly string[];
  /** Files with this ending are left out. */
  readonly leaveOut?: string;
  /** How many files must be kept. */
  readonly files: number;
  /** Their bytes together, rounded up; nothing much larger is unpacked. */
  readonly bytes: number;
  /** sha256 of the lines "path size sha256" of the kept files, sorted by path. */
  readonly sha256: string;
}

/** One file to fetch. */
export interface CatalogFile {
  /** Where it goes in a data folder; a mirror has it under the same path. */
  readonly path: string;
  /** Where it is published. */
  readonly url: string;
  /** Its size. */
  readonly bytes: number;
  /** Whether the size is rounded, because the publisher states no more. */
  readonly rounded?: boolean;
  /** md5, 32 hexadecimal digits. */
  readonly md5?: string;
  /** sha256, or its first digits where the publisher states no more. */
  readonly sha256?: string;
  /** Where it is an archive to unpack; `path` is then a folder, and a mirror has the archive as `path` + `archiveEnding(url)`. */
  readonly unpack?: UnpackRule;
}

/** Endings of the archives that can be unpacked. */
export const archiveEndings = [".zip", ".tar.gz"] as const;

/**
 * @param url - where an archive is published
 * @returns the ending under which it is kept: ".zip" where the address names a zip, else ".tar.gz"
 */
export function archiveEnding(url: string): (typeof archiveEndings)[number] {
  return /(\.zip$|\/zip\/|\/zipball\/)/i.test(new URL(url).pathname) ? ".zip" : ".tar.gz";
}

/** A data set or a file of weights that can be got. */
export interface CatalogEntry {
  /** Name to fetch it by. */
  readonly name: string;
  /** What it is. */
  readonly kind: "data set" | "weights";
  /** One line about it. */
  readonly title: string;
  /** What its publisher allows. */
  readonly licence: string;
  /** What to cite. */
  readonly citation: string;
  /** The publisher's page. */
  readonly homepage: string;
  /** What is done with the files, or what the user has to do. */
  readonly prepare: string;
  /** The files; none where no program may fetch them. */
  readonly files: readonly CatalogFile[];
  /** Where there are no files: paths in a data folder, under one of which a user puts it. */
  readonly places?: readonly string[];
}

/**
 * Reads data/catalog.json.
 *
 * @param path - another catalog of the same form
 * @returns every data set and file of weights that `fetchData` knows
 * @throws DataError when it cannot be read, or an entry is incomplete or there twice
 */
export function readCatalog(path: string = join(packageRoot(), "data", "catalog.json")): CatalogEntry[] {
  const refuse = (reason: string): never => {
    throw new DataError(`${path} must be a catalog like dn2's data/catalog.json; ${reason}`, path);
  };
  let entries: CatalogEntry[] = [];
  try {
    ({ entries } = JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    refuse(whyNotJson(error));
  }
  if (!Array.isArray(entries)) refuse("it has no list of entries");
  const names = new Set<string>();
  for (const [i, entry] of entries.entries()) {
    const { name, title, licence, citation, homepage, prepare, files, places = [] } = entry ?? {};
    const texts = [name, title, licence, citation, homepage, prepare];
    if (!texts.every((text) => typeof text === "string" && text !== "")) {
      refuse(`entry ${i + 1} must state name, title, licence, citation, homepage and prepare`);
    }
    if (names.has(name)) refuse(`it has two entries ${name}`);
    if (!Array.isArray(files)) refuse(`${name} has no list of files`);
    const wrong = files.find((file) => !isFile(file));
    if (wrong)
      refuse(
        `a file of ${name} lacks a path that stays inside, url, bytes or checksum: ${JSON.stringify(wrong)}`,
      );
    if (!Array.isArray(places) || !places.every(staysInside))
      refuse(`the places of ${name} must be paths that stay inside a data folder`);
    names.add(name);
  }
  return entries;
}

/**
 * @param name - name of an entry
 * @param entries - the catalog
 * @returns the entry
 * @throws RangeError listing the valid names
 */
export function entryNamed(name: string, entries: readonly CatalogEntry[]): CatalogEntry {
  const names = entries.map((entry) => entry.name);
  return entries[names.indexOf(oneOf("data set or weights", name, names))];
}

/**
 * @param entry - an entry
 * @returns whether all its files are in the data folders; judged by name, nothing is read
 */
export function isHere(entry: CatalogEntry): boolean {
  const { files } = entry;
  if (files.length === 0) return placeOf(entry) !== undefined;
  return files.every(({ path }) => findData(path) !== undefined);
}

/**
 * @param entry - an entry without files
 * @returns where a user has put it; undefined where it is not in the data folders
 */
export function placeOf({ places = [] }: CatalogEntry): string | undefined {
  for (const place of places) {
    const found = findData(place);
    if (found !== undefined) return found;
  }
}

function staysInside(path: unknown): path is string {
  return typeof path === "string" && /^[^/\\:]+(\/[^/\\:]+)*$/.test(path) && !path.split("/").includes("..");
}

function isFile({ path, url, bytes, md5, sha256, unpack }: CatalogFile): boolean {
  const sum = unpack
    ? /^[0-9a-f]{64}$/.test(unpack.sha256) &&
      Array.isArray(unpack.keep) &&
      unpack.files > 0 &&
      unpack.bytes > 0
    : sha256
      ? /^[0-9a-f]{8,64}$/.test(sha256)
      : /^[0-9a-f]{32}$/.test(md5 ?? "");
  return (
    staysInside(path) &&
    /^https?:/.test(url) &&
    URL.canParse(url) &&
    Number.isSafeInteger(bytes) &&
    bytes > 0 &&
    sum
  );
}
