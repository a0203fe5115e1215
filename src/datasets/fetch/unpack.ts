import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { Aborted, DataError, messageOf } from "../../core/errors.js";
import { checkInterrupted } from "../../core/progress.js";
import { hashFiles } from "../hash.js";
import type { UnpackRule } from "./catalog.js";

const mostUnpackedBytes = 2 ** 30;
const mostEntries = 100_000;

/**
 * Unpacks the wanted files of a .tar.gz archive into a folder that appears when all is there and verified.
 *
 * @param archive - the archive
 * @param folder - the folder to make; it must not exist
 * @param rule - what is kept
 * @param signal - aborts
 * @throws DataError when the archive is damaged, an entry is a link or leads out of the folder, sizes or counts are
 *   beyond what the rule allows, or the files are not those of the rule
 */
export async function unpackTarGz(
  archive: string,
  folder: string,
  rule: UnpackRule,
  signal?: AbortSignal,
): Promise<void> {
  const temporary = `${folder}.${randomUUID()}.tmp`;
  try {
    await mkdir(temporary, { recursive: true });
    const kept = await unpackInto(temporary, archive, rule, signal);
    if (kept.length !== rule.files)
      refuse(archive, `must hold ${rule.files} of the wanted files; it holds ${kept.length}`);
    const found = kept.length > 0 ? await hashFiles(temporary, kept) : createHash("sha256").digest("hex");
    if (found !== rule.sha256)
      refuse(archive, `must unpack to files with sha256 ${rule.sha256}; they have ${found}`);
    await rename(temporary, folder);
  } catch (error) {
    if (error instanceof DataError || error instanceof Aborted) throw error;
    throw new DataError(`${archive} cannot be unpacked: ${messageOf(error)}`, archive, error);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function unpackInto(
  folder: string,
  archive: string,
  rule: UnpackRule,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const kept = new Set<string>();
  let bytes = 0;
  let count = 0;
  const entries = extract();
  const unpacking = pipeline(createReadStream(archive), createGunzip(), limited(archive), entries);
  unpacking.catch(() => {});
  for await (const entry of entries) {
    checkInterrupted(signal);
    if (++count > mostEntries) refuse(archive, `must hold at most ${mostEntries} entries; it holds more`);
    const { name, type, size = 0 } = entry.header;
    const path = type === "file" || type === "contiguous-file" ? wantedPath(archive, name, rule) : undefined;
    if (type === "symlink" || type === "link") {
      if (wantedPath(archive, name, rule)) refuse(archive, `must hold plain files; ${name} is a link`);
    }
    if (path === undefined) {
      entry.resume();
      continue;
    }
    bytes += size;
    if (bytes > rule.bytes) refuse(archive, `must unpack to at most ${rule.bytes} bytes; it holds more`);
    if (kept.size >= rule.files || kept.has(path))
      refuse(archive, `must hold ${rule.files} of the wanted files; it holds more`);
    kept.add(path);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await pipeline(entry, createWriteStream(join(folder, path), { flags: "wx" }));
  }
  await unpacking;
  return [...kept];
}

/** Path below the archive's top folder where the rule keeps the entry. */
function wantedPath(archive: string, name: string, rule: UnpackRule): string | undefined {
  const parts = name.split("/");
  const odd = name.includes("\\") || name.includes("\0") || /^[A-Za-z]:/.test(name);
  if (odd || parts[0] === "" || parts.includes(".."))
    refuse(archive, `must hold paths that stay inside; it holds ${JSON.stringify(name)}`);
  const path = parts
    .slice(1)
    .filter((part) => part !== "" && part !== ".")
    .join("/");
  const named = rule.keep.some((one) => (one.endsWith("/") ? path.startsWith(one) : path === one));
  return named && !(rule.leaveOut && path.endsWith(rule.leaveOut)) ? path : undefined;
}

function limited(archive: string): (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (chunks) {
    let total = 0;
    for await (const chunk of chunks) {
      total += chunk.length;
      if (total > mostUnpackedBytes)
        refuse(archive, `must unpack to at most ${mostUnpackedBytes} bytes in all; it is larger`);
      yield chunk;
    }
  };
}

function refuse(archive: string, reason: string): never {
  throw new DataError(`${archive} ${reason}; get the original archive`, archive);
}
