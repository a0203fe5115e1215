import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { DataError } from "../core/errors.js";

const chunkBytes = 1 << 26;

/**
 * Opens a file for reading.
 *
 * @param path - the file
 * @param kind - what it must be, for the message
 * @returns the open file and its size in bytes
 * @throws DataError when it cannot be opened or is no file
 */
export async function openFile(path: string, kind: string): Promise<{ file: FileHandle; size: number }> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    throw new DataError(
      `${path}: the file cannot be opened; check the path and its permissions`,
      path,
      error,
    );
  }
  const stat = await file.stat();
  if (stat.isFile()) return { file, size: stat.size };
  await file.close();
  throw new DataError(`${path}: this must be a ${kind}; it is a folder or a device`, path);
}

/**
 * Reads part of a file.
 *
 * @param file - the open file
 * @param start - first byte
 * @param bytes - how many
 * @param hash - is given the bytes as they come
 * @returns the bytes; fewer when the file ends before
 */
export async function readPart(
  file: FileHandle,
  start: number,
  bytes: number,
  hash?: { update(data: Uint8Array): unknown },
): Promise<Uint8Array> {
  const out = new Uint8Array(bytes);
  let done = 0;
  while (done < bytes) {
    const { bytesRead } = await file.read(out, done, Math.min(chunkBytes, bytes - done), start + done);
    if (bytesRead === 0) return out.slice(0, done);
    hash?.update(out.subarray(done, done + bytesRead));
    done += bytesRead;
  }
  return out;
}

/**
 * Reads a whole file and its hash.
 *
 * @param path - the file
 * @param kind - what it must be, for the message
 * @returns content and SHA-256, hexadecimal
 * @throws DataError when it cannot be read
 */
export async function readWhole(path: string, kind: string): Promise<{ bytes: Uint8Array; hash: string }> {
  const { file, size } = await openFile(path, kind);
  try {
    const hash = createHash("sha256");
    const bytes = await readPart(file, 0, size, hash);
    return { bytes, hash: hash.digest("hex") };
  } finally {
    await file.close();
  }
}
