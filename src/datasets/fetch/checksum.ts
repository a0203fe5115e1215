import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { CatalogFile } from "./catalog.js";

/**
 * Compares a file with its checksum in the catalog.
 *
 * @param path - the file
 * @param file - its catalog entry
 * @returns undefined when they agree or the entry has none, else both values
 */
export async function mismatch(
  path: string,
  file: Pick<CatalogFile, "md5" | "sha256">,
): Promise<{ required: string; came: string } | undefined> {
  const algorithm = file.sha256 ? "sha256" : "md5";
  const expected = file.sha256 ?? file.md5;
  if (expected === undefined) return undefined;
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  const found = hash.digest("hex");
  if (found.startsWith(expected)) return undefined;
  return { required: `${algorithm} ${expected}`, came: found };
}
