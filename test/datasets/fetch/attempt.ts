import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CatalogEntry, type FetchOptions, fetchData } from "../../../src/datasets/fetch/index.js";
import { temporaryFolder, withDataFolders } from "../fabricate.js";
import type { FileServer } from "./file-server.js";

/** 300,000 bytes that do not repeat in step with any block. */
export const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
/** md5 of bytes, as a catalog has it. */
export const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest("hex");

/** A catalog's entry of one file, `cells/all.bin`. */
export function entry(url: string, bytes = content): CatalogEntry {
  return {
    name: "cells",
    kind: "data set",
    title: "cells",
    licence: "free",
    citation: "none",
    homepage: url,
    prepare: "nothing",
    files: [{ path: "cells/all.bin", url: `${url}/all.bin`, bytes: bytes.length, md5: md5(bytes) }],
  };
}

/** Fetches into an empty cache folder; resolves with what is there afterwards, also where fetching fails. */
export async function attempt(
  server: Pick<FileServer, "url">,
  options: FetchOptions = {},
  before?: (folder: string) => void,
) {
  return withDataFolders([temporaryFolder()], async () => {
    const folder = join(String(process.env.DN2_CACHE), "cells");
    mkdirSync(folder, { recursive: true });
    before?.(folder);
    const notes: string[] = [];
    let error: Error | undefined;
    await fetchData("cells", {
      catalog: [entry(server.url)],
      delays: [0, 0, 0],
      onNote: (text) => notes.push(text),
      ...options,
    }).catch((thrown: Error) => {
      error = thrown;
    });
    const names = readdirSync(folder).sort();
    return { error, notes, names, read: (name: string) => readFileSync(join(folder, name)) };
  });
}
