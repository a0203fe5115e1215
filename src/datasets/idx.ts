import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { DataError, messageOf } from "../core/errors.js";

const unpack = promisify(gunzip);
const largestBytes = 2 ** 28;

/** An array of bytes as stored in an idx file. */
export interface IdxArray {
  /** Its sizes, outermost first: [n, height, width] for images, [n] for labels. */
  readonly shape: readonly number[];
  /** The bytes, row-major. */
  readonly data: Uint8Array;
}

/**
 * Reads an idx file of unsigned bytes (the format of MNIST and Fashion-MNIST), gzipped or not.
 *
 * @param path - the file; gzipped when its name ends in .gz
 * @param dimensions - how many dimensions the array must have: 3 for images, 1 for labels
 * @returns the array
 * @throws DataError when the gzip stream is damaged, or magic number, sizes and length do not agree
 */
export async function readIdx(path: string, dimensions: number): Promise<IdxArray> {
  const bytes = await readBytes(path);
  const magic = 0x0800 + dimensions;
  const headerBytes = 4 + 4 * dimensions;
  const found = bytes.length < headerBytes ? undefined : bytes.readUInt32BE(0);
  if (found !== magic) {
    const came = found === undefined ? `${bytes.length} bytes` : `magic number ${found}`;
    throw new DataError(`${path} must be an idx file with magic number ${magic}; it has ${came}`, path);
  }
  const shape = Array.from({ length: dimensions }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  const expected = shape.reduce((product, size) => product * size, 1) + headerBytes;
  if (bytes.length !== expected) {
    const required = `${path} must have ${expected} bytes for its sizes ${shape.join(" x ")}`;
    throw new DataError(`${required}; it has ${bytes.length}`, path);
  }
  return { shape, data: bytes.subarray(headerBytes) };
}

async function readBytes(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  if (!path.endsWith(".gz")) return bytes;
  try {
    return await unpack(bytes, { maxOutputLength: largestBytes });
  } catch (error) {
    throw new DataError(`${path} is not a whole gzip file (${messageOf(error)}); get it again`, path, error);
  }
}
