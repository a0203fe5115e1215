import { createHash } from "node:crypto";
import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { DataError, whyNotJson } from "../../core/errors.js";
import { writeFileAtomically } from "../../core/write-file.js";
import { readNpy, writeNpy } from "../npy.js";
import type { KeptChunk } from "./row-places.js";

/** What the JSON file of a chunk says about the rows of its .npy file. */
export interface ChunkList {
  /** Key of the image of each row. */
  readonly images: readonly string[];
  /** Name of each image in the set that it was extracted from. */
  readonly names: readonly string[];
  /** Name of that set. */
  readonly set: string;
  /** sha256 of the values: float32, little-endian, row by row. */
  readonly sha256: string;
}

/** A chunk by its name, "rows-0123456789abcdef". */
export interface Chunk extends ChunkList {
  /** Name of its files without ending. */
  readonly name: string;
}

const keyPattern = /^[0-9a-f]{32}$/;
const namePattern = /^(rows-[0-9a-f]{16})\.json$/;

/**
 * @param file - name of a file
 * @returns the name of the chunk whose list it is, if it is one
 */
export function chunkNameOf(file: string): string | undefined {
  return namePattern.exec(file)?.[1];
}

/**
 * Writes a chunk: the rows first, then the list, without which the rows do not count. Its name comes from its content, so that two
 * processes that write the same chunk write the same files.
 *
 * @param folder - the folder; made where it is not there
 * @param rows - Float32Array, one row of `dimensions` an image
 * @param dimensions - length of a row
 * @param list - keys and names of the images, name of the set
 */
export async function writeChunk(
  folder: string,
  rows: Float32Array,
  dimensions: number,
  list: Omit<ChunkList, "sha256">,
): Promise<void> {
  const sha256 = hashOf(rows);
  const name = chunkName(sha256, list.images);
  await mkdir(folder, { recursive: true });
  await writeNpy(join(folder, `${name}.npy`), { shape: [list.images.length, dimensions], data: rows });
  await writeFileAtomically(
    join(folder, `${name}.json`),
    `${JSON.stringify({ ...list, sha256 }, null, 1)}\n`,
  );
}

/**
 * @param folder - the folder
 * @param name - name of the chunk
 * @returns its list
 * @throws DataError when the file is no such list, or its keys and sha256 are not those that its name was made from
 */
export async function readChunkList(folder: string, name: string): Promise<Chunk> {
  const path = join(folder, `${name}.json`);
  let list: Partial<ChunkList>;
  try {
    list = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new DataError(`${path} cannot be read: ${whyNotJson(error)}`, path, error);
  }
  const { images, names, set, sha256 } = list ?? {};
  const fits =
    isTexts(images) &&
    images.every((key) => keyPattern.test(key)) &&
    isTexts(names) &&
    images.length === names.length &&
    typeof sha256 === "string";
  if (!fits) throw new DataError(`${path} must list images, names and sha256 of a chunk of features`, path);
  if (chunkName(sha256, images) !== name)
    throw new DataError(`${path} does not have the content that its name says`, path);
  return { name, images, names, set: String(set), sha256 };
}

/**
 * @param folder - the folder
 * @param chunk - the chunk
 * @param dimensions - length of a row
 * @returns Float32Array, one row an image
 * @throws DataError when the rows are missing, or not those that were written
 */
export async function readChunkRows(
  folder: string,
  chunk: KeptChunk,
  dimensions: number,
): Promise<Float32Array> {
  const path = join(folder, `${chunk.name}.npy`);
  const { shape, data } = await readNpy(path);
  if (!(data instanceof Float32Array) || shape.join() !== `${chunk.rows},${dimensions}`) {
    const wanted = `${chunk.rows} x ${dimensions} float32`;
    throw new DataError(`${path} must hold ${wanted}; it holds ${shape.join(" x ")}`, path);
  }
  if (hashOf(data) !== chunk.sha256)
    throw new DataError(`${path} does not have the sha256 with which it was written`, path);
  return data;
}

/**
 * Puts a damaged chunk aside, so that its rows are computed again.
 *
 * @param folder - the folder
 * @param name - name of the chunk
 */
export async function setChunkAside(folder: string, name: string): Promise<void> {
  for (const ending of ["json", "npy"]) {
    const path = join(folder, `${name}.${ending}`);
    await rename(path, `${path}.damaged`).catch(() => {});
  }
}

function chunkName(sha256: string, images: readonly string[]): string {
  const hash = createHash("sha256").update(sha256).update(images.join("\n"));
  return `rows-${hash.digest("hex").slice(0, 16)}`;
}

function hashOf({ buffer, byteOffset, byteLength }: Float32Array): string {
  return createHash("sha256")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest("hex");
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
