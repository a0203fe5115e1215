import { type FileHandle, open } from "node:fs/promises";
import { DataError, messageOf } from "../core/errors.js";
import { TemporaryFile } from "../core/temporary-file.js";

/** A number type that .npy files are read and written in. */
export type NpyData = Float32Array | Float64Array | Int32Array;

/** An array with its shape, as NumPy stores it. */
export interface NpyArray<T extends NpyData = NpyData> {
  /** Length of each axis; the product is the number of values. */
  readonly shape: readonly number[];
  /** The values in C order (last axis fastest). */
  readonly data: T;
}

const magic = "\x93NUMPY";
const pieceBytes = 64 * 1024 * 1024;
const constructors = { "<f4": Float32Array, "<f8": Float64Array, "<i4": Int32Array } as const;

/**
 * Reads a .npy file (format versions 1 to 3; little-endian float32, float64 or int32; C order).
 *
 * @param path - the file
 * @returns shape and values
 * @throws DataError when the file is not such a file or its length is not the one its header says
 * @see NumPy, numpy.lib.format
 */
export async function readNpy(path: string): Promise<NpyArray> {
  const file = await openToRead(path);
  try {
    const { descr, shape, start, values } = await readNpyHeader(file, path);
    const data = new constructors[descr](values);
    await readExactly(file, new Uint8Array(data.buffer), start);
    return { shape, data };
  } finally {
    await file.close();
  }
}

/** What the header of a .npy file says. */
export interface NpyHeader {
  /** Type of the values. */
  readonly descr: keyof typeof constructors;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Number of values. */
  readonly values: number;
  /** Byte at which the values start. */
  readonly start: number;
}

/**
 * Reads the header of a .npy file and checks that the file has the length that it says.
 *
 * @param file - the file, open for reading
 * @param path - its name, for messages
 * @returns the header
 * @throws DataError when the file is not such a file or its length is not the one its header says
 */
export async function readNpyHeader(file: FileHandle, path: string): Promise<NpyHeader> {
  const { size } = await file.stat();
  const prefix = await readExactly(file, new Uint8Array(Math.min(12, size)), 0);
  const { headerStart, headerLength } = parsePrefix(prefix, path);
  const start = headerStart + headerLength;
  if (start > size) throw broken(path, "ends within its header");
  const header = await readExactly(file, new Uint8Array(headerLength), headerStart);
  const { descr, shape } = parseHeader(new TextDecoder("latin1").decode(header), path);
  const values = shape.reduce((product, length) => product * length, 1);
  const expected = start + values * constructors[descr].BYTES_PER_ELEMENT;
  if (size !== expected) {
    throw broken(path, `must have ${expected} bytes for its shape (${shape.join(", ")}); it has ${size}`);
  }
  return { descr, shape, values, start };
}

/**
 * Writes a .npy file that NumPy opens: to a temporary name first, then renamed.
 *
 * @param path - where to; an existing file is replaced
 * @param array - shape and values, C order
 * @throws RangeError when the shape does not fit the number of values
 */
export async function writeNpy(path: string, array: NpyArray): Promise<void> {
  const header = headerOf(array);
  const { buffer, byteOffset, byteLength } = array.data;
  const temporary = new TemporaryFile(path);
  try {
    const file = await open(temporary.path, "wx");
    try {
      await file.write(header);
      for (let offset = 0; offset < byteLength; ) {
        const length = Math.min(pieceBytes, byteLength - offset);
        const piece = new Uint8Array(buffer as ArrayBuffer, byteOffset + offset, length);
        offset += (await file.write(piece)).bytesWritten;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await temporary.finish();
  } catch (error) {
    await temporary.abandon();
    throw error;
  }
}

/**
 * The first bytes of a .npy file, up to its values.
 *
 * @param descr - type of the values
 * @param shape - length of each axis
 * @returns magic, version 1.0 and header text, padded to a multiple of 64 bytes
 */
export function npyHeader(descr: NpyHeader["descr"], shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const total = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set(latin1(magic));
  bytes.set([1, 0, (total - 10) & 255, (total - 10) >> 8], 6);
  bytes.set(latin1(text), 10);
  bytes[total - 1] = 0x0a;
  return bytes;
}

function headerOf({ shape, data }: NpyArray): Uint8Array {
  const values = shape.reduce((product, length) => product * length, 1);
  if (values !== data.length) {
    throw new RangeError(`shape (${shape.join(", ")}) needs ${values} values; got ${data.length}`);
  }
  return npyHeader(
    data instanceof Float32Array ? "<f4" : data instanceof Float64Array ? "<f8" : "<i4",
    shape,
  );
}

function parsePrefix(start: Uint8Array, path: string): { headerStart: number; headerLength: number } {
  if (start.length < 12 || latin1(magic).some((byte, i) => start[i] !== byte)) {
    throw broken(path, "does not start like a .npy file");
  }
  const view = new DataView(start.buffer, start.byteOffset);
  const version = start[6];
  if (version === 1) return { headerStart: 10, headerLength: view.getUint16(8, true) };
  if (version === 2 || version === 3) return { headerStart: 12, headerLength: view.getUint32(8, true) };
  throw broken(path, `has format version ${version}; versions 1 to 3 are read`);
}

function parseHeader(text: string, path: string): { descr: keyof typeof constructors; shape: number[] } {
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (order === undefined || tuple === undefined) throw broken(path, "has a header that cannot be read");
  const shape = tuple
    .split(",")
    .filter((part) => part.trim())
    .map(Number);
  if (!shape.every(Number.isSafeInteger)) throw broken(path, `has the impossible shape (${tuple})`);
  if (descr === undefined || !(descr in constructors)) {
    throw broken(
      path,
      `holds ${descr ?? "records"}; <f4, <f8 and <i4 are read (array.astype("<f4") in NumPy)`,
    );
  }
  if (order === "True" && shape.length > 1) {
    throw broken(path, "is in Fortran order; save numpy.ascontiguousarray(array) instead");
  }
  return { descr: descr as keyof typeof constructors, shape };
}

/**
 * Opens a file for reading.
 *
 * @param path - the file
 * @returns the open file
 * @throws DataError when it cannot be opened
 */
export async function openToRead(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    throw new DataError(`${path} cannot be opened: ${messageOf(error)}`, path, error);
  }
}

async function readExactly(file: FileHandle, bytes: Uint8Array, position: number): Promise<Uint8Array> {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(pieceBytes, bytes.length - done);
    const { bytesRead } = await file.read(bytes, done, length, position + done);
    if (bytesRead === 0) throw new DataError("the file became shorter while it was read; read it again");
    done += bytesRead;
  }
  return bytes;
}

function broken(path: string, reason: string): DataError {
  return new DataError(`${path} ${reason}`, path);
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}
