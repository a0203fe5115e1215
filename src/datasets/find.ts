import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { dataFolders } from "../core/data-folders.js";
import { DataError } from "../core/errors.js";

/** Where the originals of a data set are and under which names they are looked for. */
export interface Origin {
  /** Name of the data set. */
  readonly name: string;
  /** Files or folders, best first: inside a data folder, `*` standing for any text within a name. */
  readonly candidates: readonly string[];
  /** What to put into a data folder, and where it is published. */
  readonly remedy: string;
}

/**
 * Finds a data set in the data folders.
 *
 * @param origin - what is looked for
 * @returns absolute path of the archive or folder; the first folder that has any candidate wins
 * @throws DataError saying where it was looked for and how to get it
 */
export function findOriginal(origin: Origin): string {
  const folders = dataFolders();
  for (const folder of folders) {
    for (const candidate of origin.candidates) {
      const found = candidate.includes("*") ? expand(folder, candidate) : existing(folder, candidate);
      if (found) return found;
    }
  }
  throw new DataError(
    `the data set ${origin.name} was not found in ${folders.join(" or ")}; run npx dn2 fetch ${origin.name}, or put ${origin.remedy} into a folder and name that folder in DN2_DATA`,
  );
}

function existing(folder: string, candidate: string): string | undefined {
  const path = join(folder, candidate);
  return existsSync(path) ? path : undefined;
}

function expand(folder: string, candidate: string): string | undefined {
  const [before, after] = candidate.split("*");
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const name = names.find(
    (one) => one.length >= candidate.length - 1 && one.startsWith(before) && one.endsWith(after),
  );
  return name && join(folder, name);
}
