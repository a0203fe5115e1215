import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../../core/write-file.js";

/** An extraction that was not finished: interrupted, or still going on. */
export interface UnfinishedExtraction {
  /** Name of the set. */
  readonly set: string;
  /** Images of the set, each counted once. */
  readonly images: number;
  /** How many of them have features. */
  readonly found: number;
}

/** What the file of an extraction holds from its start to its end. */
interface Note {
  readonly set: string;
  readonly images: number;
  /** Keys of the images that had no features at the start. */
  readonly missing: readonly string[];
}

/** What the names of such files look like. */
export const unfinishedFile = /^unfinished-[0-9a-f]{16}\.json$/;

/**
 * Notes that an extraction begins. One note a set is kept, that of its last extraction.
 *
 * @param folder - folder of the entry
 * @param note - name of the set, number of its images, keys of those that are missing
 * @returns removes the note; to be called when the extraction is finished
 */
export async function noteExtraction(folder: string, note: Note): Promise<() => Promise<void>> {
  const id = createHash("sha256").update(note.set).digest("hex").slice(0, 16);
  const path = join(folder, `unfinished-${id}.json`);
  const text = `${JSON.stringify(note)}\n`;
  await writeFileAtomically(path, text);
  return async () => {
    const found = await readFile(path, "utf8").catch(() => "");
    if (found === text) await rm(path, { force: true });
  };
}

/**
 * Reads the note of an extraction.
 *
 * @param path - its file
 * @param isThere - whether an image has features, by its key
 * @returns how far it is; undefined when all is there or the file is no note
 */
export async function readUnfinished(
  path: string,
  isThere: (key: string) => boolean,
): Promise<UnfinishedExtraction | undefined> {
  try {
    const { set, images, missing }: Note = JSON.parse(await readFile(path, "utf8"));
    const left = missing.filter((key) => !isThere(key)).length;
    return left === 0 ? undefined : { set: String(set), images, found: images - left };
  } catch {
    return undefined;
  }
}
