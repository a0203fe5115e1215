import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ProgressMeter } from "../core/progress.js";

/**
 * The sha256 of one file, streamed.
 *
 * @param path - the file
 * @returns 64 hexadecimal digits
 */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest("hex");
}

/**
 * The sha256 that stands for files of a data set.
 *
 * For an archive it is the archive's own; for a folder that of the lines "path size sha256", sorted by path (code units).
 *
 * @param path - an archive, or a folder
 * @param relativePaths - the files that count, posix paths inside the folder; for an archive without meaning
 * @returns 64 hexadecimal digits
 */
export async function hashFiles(path: string, relativePaths: readonly string[]): Promise<string> {
  if (!(await stat(path)).isDirectory()) return hashFile(path);
  const meter = new ProgressMeter("hashing files", relativePaths.length, "files");
  const hash = createHash("sha256");
  for (const relative of [...relativePaths].sort()) {
    const file = join(path, relative);
    const content = await hashFile(file);
    hash.update(`${relative} ${(await stat(file)).size} ${content}\n`);
    await meter.add(1);
  }
  meter.close();
  return hash.digest("hex");
}
