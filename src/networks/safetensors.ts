import { createHash } from "node:crypto";
import { DataError } from "../core/errors.js";
import { type Dtype, dtypes, isDtype, widen } from "./dtypes.js";
import { openFile, readPart } from "./read-file.js";
import type { Tensor } from "./weights.js";

/** What a safetensors file holds. */
export interface Checkpoint {
  /** Tensors by name, widened to float32. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The file's own notes. */
  readonly metadata: Readonly<Record<string, string>>;
  /** SHA-256 of the whole file, hexadecimal. */
  readonly hash: string;
  /** The file read. */
  readonly path: string;
}

interface Entry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const maxHeaderBytes = 100_000_000;

/**
 * Reads a safetensors file. Float32 tensors are views of the bytes read, so that one copy is in memory; float64, float16,
 * bfloat16 and integers become float32.
 *
 * The file must be what the format says: a header length of 8 bytes, a JSON header of at most 100 MB, then the tensors'
 * bytes without gap or overlap to the end of the file.
 *
 * @param path - the file
 * @returns tensors, notes and hash
 * @throws DataError with one sentence when the file is anything else
 */
export async function readSafetensors(path: string): Promise<Checkpoint> {
  const fail = (sentence: string) => new DataError(`${path}: ${sentence}`, path);
  const { file, size } = await openFile(path, "safetensors file");
  try {
    if (size < 8) {
      throw fail(`a safetensors file must have at least 8 bytes; this one has ${size}, so fetch it again`);
    }
    const hash = createHash("sha256");
    const length = await readPart(file, 0, 8);
    hash.update(length);
    const headerBytes = Number(new DataView(length.buffer).getBigUint64(0, true));
    if (headerBytes > maxHeaderBytes) {
      throw fail(
        `the header must have at most ${maxHeaderBytes} bytes; it says ${headerBytes}, so this is no safetensors file`,
      );
    }
    if (8 + headerBytes > size) {
      throw fail(
        `the header must have ${headerBytes} bytes but the file ends after ${size}; it is cut off, fetch it again`,
      );
    }
    const header = await readPart(file, 8, headerBytes);
    hash.update(header);
    const { entries, metadata } = parseHeader(header, fail);
    const dataBytes = size - 8 - headerBytes;
    checkLayout(entries, dataBytes, fail);
    const data = await readPart(file, 8 + headerBytes, dataBytes, hash);
    if (data.byteLength < dataBytes) {
      throw fail("the file must not shrink while it is read; something else is writing it, try again");
    }
    const tensors = new Map<string, Tensor>();
    for (const { name, dtype, shape, begin, end } of entries) {
      tensors.set(name, { shape, data: widen(dtype, data.subarray(begin, end)) });
    }
    return { tensors, metadata, hash: hash.digest("hex"), path };
  } finally {
    await file.close();
  }
}

type Fail = (sentence: string) => DataError;

function parseHeader(bytes: Uint8Array, fail: Fail): { entries: Entry[]; metadata: Record<string, string> } {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw fail("the header must be JSON text; it is not, so this is no safetensors file or it is damaged");
  }
  if (!isRecord(header)) throw fail("the header must be a JSON object from tensor name to description");
  const entries: Entry[] = [];
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name !== "__metadata__") {
      entries.push(parseEntry(name, value, fail));
      continue;
    }
    if (!isRecord(value)) throw fail("the header's notes must be an object of texts");
    for (const [key, text] of Object.entries(value)) {
      if (typeof text !== "string") throw fail(`the header's note ${key} must be a text`);
      metadata[key] = text;
    }
  }
  return { entries, metadata };
}

function parseEntry(name: string, value: unknown, fail: Fail): Entry {
  if (!isRecord(value)) throw fail(`tensor ${name} must be described by dtype, shape and data_offsets`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !isDtype(dtype)) {
    throw fail(
      `tensor ${name} must have one of the types ${Object.keys(dtypes).join(", ")}; got ${JSON.stringify(dtype)}`,
    );
  }
  if (!isCounts(shape)) throw fail(`tensor ${name} must have a shape of integers from 0 on`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw fail(`tensor ${name} must have two data_offsets, begin and end; got ${JSON.stringify(offsets)}`);
  }
  const [begin, end] = offsets;
  const bytes = shape.reduce((product, n) => product * n, dtypes[dtype]);
  if (bytes !== end - begin) {
    throw fail(
      `tensor ${name} of shape ${shape.join(" x ")} and type ${dtype} must have ${bytes} bytes; its data_offsets span ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

function checkLayout(entries: readonly Entry[], dataBytes: number, fail: Fail): void {
  let position = 0;
  let previous = "the header";
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (end > dataBytes) {
      throw fail(
        `tensor ${name} must end within the ${dataBytes} bytes of data; it ends at ${end}, so the file is cut off or damaged, fetch it again`,
      );
    }
    if (begin < position) throw fail(`tensor ${name} must not overlap ${previous}; the file is damaged`);
    if (begin > position) {
      throw fail(
        `tensor ${name} must begin where ${previous} ends, at ${position}; it begins at ${begin}, so the file is damaged`,
      );
    }
    position = end;
    previous = `tensor ${name}`;
  }
  if (position !== dataBytes) {
    throw fail(
      `the tensors must fill the file; ${dataBytes - position} bytes follow the last one, so it is damaged`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
