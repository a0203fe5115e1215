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
  readonly missing: Iterable<string>;
}

/** What the names of such files look like. */
export const unfinishedFile = /^unfinished-[0-9a-f]{16}\.json$/;

/**
 * Notes that an extraction begins. One note a set is kept, that of its last extraction.
 *
 * @param folder - folder of the entry
 * @param note - name of the set, number of its images, keys of those that are missing, which are gone through once
 * @returns removes the note; to be called when the extraction is finished
 */
export async function noteExtraction(folder: string, note: Note): Promise<() => Promise<void>> {
  const id = createHash("sha256").update(note.set).digest("hex").slice(0, 16);
  const path = join(folder, `unfinished-${id}.json`);
  const text = bytesOf(note);
  const hash = hashOf(text);
  await writeFileAtomically(path, text);
  return async () => {
    const found = await readFile(path).catch(() => undefined);
    if (found && hashOf(found) === hash) await rm(path, { force: true });
  };
}

/** The note as JSON, made in pieces: text of a million keys would take several times its length. */
function bytesOf({ set, images, missing }: Note): Buffer {
  const parts = [Buffer.from(JSON.stringify({ set, images, missing: [] }).slice(0, -2))];
  let keys: string[] = [];
  const flush = () => {
    const comma = parts.length > 1 && keys.length > 0 ? "," : "";
    parts.push(Buffer.from(comma + keys.map((key) => JSON.stringify(key)).join(",")));
    keys = [];
  };
  for (const key of missing) if (keys.push(key) === 1000) flush();
  flush();
  return Buffer.concat([...parts, Buffer.from("]}\n")]);
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
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
    const { set, images, missing }: Note & { missing: readonly string[] } = JSON.parse(
      await readFile(path, "utf8"),
    );
    const left = missing.filter((key) => !isThere(key)).length;
    return left === 0 ? undefined : { set: String(set), images, found: images - left };
  } catch {
    return undefined;
  }
}
