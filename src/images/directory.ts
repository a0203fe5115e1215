/** The tags of a TIFF directory that are read; the numbers are TIFF 6.0's. */
export const tags = {
  width: 256,
  height: 257,
  depth: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planar: 284,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

/** A TIFF directory: the numbers under each tag that is read. */
export type Directory = ReadonlyMap<number, readonly number[]>;

const known: ReadonlySet<number> = new Set(Object.values(tags));
const entryBytes = 12;
const valueLimit = 1 << 20;

const shortType = 3;
const longType = 4;

/** Bytes of each TIFF value type that holds unsigned integers. */
const integerBytes: Record<number, 1 | 2 | 4> = { 1: 1, [shortType]: 2, [longType]: 4 };

/**
 * Reads the first directory of a TIFF file, or of the TIFF structure in which EXIF data are kept.
 *
 * @param bytes - from the byte order mark on
 * @returns the entries of known tags that hold unsigned integers
 * @throws RangeError when the directory or a value lies outside the bytes
 */
export function readDirectory(bytes: Uint8Array): Directory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getUint16(0) === 0x4949;
  const start = view.getUint32(4, little);
  const count = view.getUint16(start, little);
  const directory = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const at = start + 2 + i * entryBytes;
    const tag = view.getUint16(at, little);
    const size = integerBytes[view.getUint16(at + 2, little)];
    const length = view.getUint32(at + 4, little);
    if (!known.has(tag) || directory.has(tag) || !size || length > valueLimit) continue;
    const from = size * length <= 4 ? at + 8 : view.getUint32(at + 8, little);
    directory.set(
      tag,
      Array.from({ length }, (_, j) => readInteger(view, from + j * size, size, little)),
    );
  }
  return directory;
}

function readInteger(view: DataView, at: number, size: 1 | 2 | 4, little: boolean): number {
  if (size === 1) return view.getUint8(at);
  return size === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
}

/**
 * A TIFF with another directory in place of its own.
 *
 * @param bytes - the whole file
 * @param directory - what the new directory says
 * @returns a copy that ends with the new directory, its only one
 */
export function withDirectory(bytes: Uint8Array, directory: Directory): Uint8Array {
  const little = bytes[0] === 0x49;
  const start = bytes.length + (bytes.length % 2);
  const values = start + 2 + directory.size * entryBytes + 4;
  const total = [...directory.values()].reduce(
    (sum, list) => sum + (list.length > 1 ? 4 * list.length : 0),
    values,
  );
  const copy = new Uint8Array(total);
  copy.set(bytes);
  const view = new DataView(copy.buffer);
  view.setUint32(4, start, little);
  view.setUint16(start, directory.size, little);
  let at = start + 2;
  let free = values;
  for (const [tag, list] of directory) {
    view.setUint16(at, tag, little);
    view.setUint16(at + 2, longType, little);
    view.setUint32(at + 4, list.length, little);
    const to = list.length > 1 ? free : at + 8;
    if (list.length > 1) view.setUint32(at + 8, free, little);
    for (const [i, value] of list.entries()) view.setUint32(to + 4 * i, value, little);
    if (list.length > 1) free += 4 * list.length;
    at += entryBytes;
  }
  return copy;
}
