import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { Aborted, DataError, messageOf } from "../core/errors.js";
import { checkInterrupted } from "../core/progress.js";

const unpackedLimitBytes = 2 ** 30;

/**
 * Reads the wanted files of a .tar.gz archive, or of a folder that was unpacked from one.
 *
 * Folders inside the archive do not matter, only the files' own names; links and other special entries are passed over.
 *
 * @param path - the archive or the folder
 * @param wanted - the files' names and the largest size in bytes that each may have
 * @returns the content of those that are there, by name
 * @throws DataError when the archive is damaged, or a file is larger than allowed or there twice
 */
export async function readFiles(
  path: string,
  wanted: ReadonlyMap<string, number>,
): Promise<Map<string, Buffer>> {
  return (await stat(path)).isDirectory() ? readFolder(path, wanted) : readArchive(path, wanted);
}

async function readFolder(path: string, wanted: ReadonlyMap<string, number>): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const [name, limit] of wanted) {
    const file = join(path, name);
    const info = await stat(file).catch(() => undefined);
    if (!info?.isFile()) continue;
    checkSize(file, info.size, limit);
    found.set(name, await readFile(file));
  }
  return found;
}

async function readArchive(path: string, wanted: ReadonlyMap<string, number>): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const entries = extract();
  const unpacking = pipeline(createReadStream(path), createGunzip(), guardSize(path), entries);
  unpacking.catch(() => {});
  try {
    for await (const entry of entries) {
      const { name, size = 0, type } = entry.header;
      const file = basename(name);
      const limit = type === "file" ? wanted.get(file) : undefined;
      if (limit === undefined) {
        entry.resume();
        continue;
      }
      if (found.has(file)) throw new DataError(`${path} must hold one ${file}; it holds two`, path);
      checkSize(`${file} in ${path}`, size, limit);
      const content = Buffer.alloc(size);
      let filled = 0;
      for await (const chunk of entry as AsyncIterable<Buffer>) filled += chunk.copy(content, filled);
      found.set(file, content);
    }
    await unpacking;
  } catch (error) {
    if (error instanceof DataError || error instanceof Aborted) throw error;
    throw new DataError(
      `${path} is not a whole .tar.gz archive (${messageOf(error)}); get it again`,
      path,
      error,
    );
  }
  return found;
}

function guardSize(path: string): (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (chunks) {
    let total = 0;
    for await (const chunk of chunks) {
      checkInterrupted();
      total += chunk.length;
      if (total > unpackedLimitBytes) {
        throw new DataError(
          `${path} must unpack to at most ${unpackedLimitBytes} bytes; get the original archive`,
          path,
        );
      }
      yield chunk;
    }
  };
}

function checkSize(what: string, size: number, limit: number): void {
  if (size > limit) throw new DataError(`${what} must have at most ${limit} bytes; it has ${size}`);
}
