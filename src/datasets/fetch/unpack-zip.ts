import { closeSync, createReadStream, createWriteStream, fstatSync, openSync, readSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { DataError } from "../../core/errors.js";
import { checkInterrupted } from "../../core/progress.js";
import { type Fail, shown, type ZipEntry, type ZipSource, zipEntries } from "../../core/zip.js";
import type { UnpackPlan } from "./unpack-plan.js";

/**
 * Writes the wanted files of a .zip archive, also with the 64-bit extension. Of the others only the names are read.
 *
 * @param plan - the archive, and what is kept
 * @param folder - where to
 * @param signal - aborts
 * @throws DataError for what the plan does not admit, and for files whose size or CRC-32 is not what the archive states
 */
export async function unpackZip(
  plan: UnpackPlan,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { archive } = plan;
  const fail: Fail = (sentence) => new DataError(`${archive} cannot be unpacked: ${sentence}`, archive);
  const file = openSync(archive, "r");
  let entries: Map<string, ZipEntry>;
  try {
    entries = zipEntries(sourceOf(file), fail);
  } finally {
    closeSync(file);
  }
  for (const entry of entries.values()) {
    checkInterrupted(signal);
    const kind = entry.isLink ? "link" : entry.name.endsWith("/") ? "other" : "file";
    const path = plan.admit(entry.name, { kind, size: entry.size });
    if (path === undefined) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeEntry(archive, entry, join(folder, path), fail);
  }
}

async function writeEntry(archive: string, entry: ZipEntry, path: string, fail: Fail): Promise<void> {
  const { name, method, start, end } = entry;
  if (method !== 0 && method !== 8) {
    throw fail(
      `its part ${shown(name)} is packed by method ${method}; only stored and deflated parts are read`,
    );
  }
  const packed = end > start ? createReadStream(archive, { start, end: end - 1 }) : Readable.from([]);
  const unpacked = method === 8 ? createInflateRaw() : new PassThrough();
  await pipeline(packed, unpacked, checked(entry, fail), createWriteStream(path, { flags: "wx" }));
}

/** Passes on what the archive states and no byte more, so that a small file cannot become a huge one. */
function checked({ name, size, crc }: ZipEntry, fail: Fail) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let total = 0;
    let sum = 0;
    for await (const chunk of chunks) {
      total += chunk.length;
      if (total > size) throw fail(`its part ${shown(name)} must have ${size} bytes; it has more`);
      sum = crc32(chunk, sum);
      yield chunk;
    }
    if (total !== size || sum !== crc) {
      throw fail(`its part ${shown(name)} is damaged: its size or its CRC-32 is wrong; fetch it again`);
    }
  };
}

function sourceOf(file: number): ZipSource {
  return {
    bytes: fstatSync(file).size,
    read(start, end) {
      const bytes = Buffer.alloc(end - start);
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(file, bytes, filled, bytes.length - filled, start + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes;
    },
  };
}
