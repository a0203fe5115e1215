import { writeFile } from "node:fs/promises";
import { TemporaryFile } from "./temporary-file.js";

/**
 * Writes a file in one step: under a temporary name first, then renamed, so that a reader never sees half of it and a
 * failure leaves what was there before.
 *
 * @param path - where to; an existing file is replaced
 * @param content - text (as UTF-8) or bytes
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = new TemporaryFile(path);
  try {
    await writeFile(temporary.path, content);
    await temporary.finish();
  } catch (error) {
    await temporary.abandon();
    throw error;
  }
}
