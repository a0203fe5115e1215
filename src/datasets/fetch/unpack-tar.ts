import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { checkInterrupted } from "../../core/progress.js";
import type { UnpackPlan } from "./unpack-plan.js";

const mostUnpackedBytes = 2 ** 30;

/**
 * Writes the wanted files of a .tar.gz archive, read once from its beginning.
 *
 * @param plan - the archive, and what is kept
 * @param folder - where to
 * @param signal - aborts
 * @throws DataError for what the plan does not admit
 */
export async function unpackTarGz(
  plan: UnpackPlan,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const entries = extract();
  const unpacking = pipeline(createReadStream(plan.archive), createGunzip(), limited(plan), entries);
  unpacking.catch(() => {});
  for await (const entry of entries) {
    checkInterrupted(signal);
    const { name, type, size = 0 } = entry.header;
    const kind =
      type === "file" || type === "contiguous-file"
        ? "file"
        : type === "symlink" || type === "link"
          ? "link"
          : "other";
    const path = plan.admit(name, { kind, size });
    if (path === undefined) {
      entry.resume();
      continue;
    }
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await pipeline(entry, createWriteStream(join(folder, path), { flags: "wx" }));
  }
  await unpacking;
}

function limited(plan: UnpackPlan): (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (chunks) {
    let total = 0;
    for await (const chunk of chunks) {
      total += chunk.length;
      if (total > mostUnpackedBytes) {
        plan.refuse(`must unpack to at most ${mostUnpackedBytes} bytes in all; it is larger`);
      }
      yield chunk;
    }
  };
}
