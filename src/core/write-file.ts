import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";

/**
 * Writes a file in one step: under a temporary name first, then renamed, so that a reader never sees half of it and a
 * failure leaves what was there before.
 *
 * @param path - where to; an existing file is replaced
 * @param content - text (as UTF-8) or bytes
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
