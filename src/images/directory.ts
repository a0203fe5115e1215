/** An entry of a TIFF directory: its numbers. */
export type Directory = ReadonlyMap<number, readonly number[]>;

const entryBytes = 12;
const valueLimit = 1 << 20;

/** The tag under which a directory keeps the orientation. */
export const orientationTag = 274;

/** Bytes of each TIFF value type that holds unsigned integers. */
const integerBytes: Record<number, 1 | 2 | 4> = { 1: 1, 3: 2, 4: 4 };

/**
 * Reads the first directory of a TIFF file, or of the TIFF structure in which EXIF data are kept.
 *
 * @param bytes - from the byte order mark on
 * @returns the entries that hold unsigned integers, by tag
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
    const size = integerBytes[view.getUint16(at + 2, little)];
    const length = view.getUint32(at + 4, little);
    if (!size || length > valueLimit) continue;
    const from = size * length <= 4 ? at + 8 : view.getUint32(at + 8, little);
    const values = Array.from({ length }, (_, j) => readInteger(view, from + j * size, size, little));
    directory.set(view.getUint16(at, little), values);
  }
  return directory;
}

/**
 * Changes the orientation that a TIFF's first directory names to 1, upright.
 *
 * @param bytes - the whole file, which is changed
 */
export function setUpright(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getUint16(0) === 0x4949;
  const start = view.getUint32(4, little);
  const count = view.getUint16(start, little);
  for (let at = start + 2; at < start + 2 + count * entryBytes; at += entryBytes) {
    if (view.getUint16(at, little) === orientationTag) view.setUint16(at + 8, 1, little);
  }
}

function readInteger(view: DataView, at: number, size: 1 | 2 | 4, little: boolean): number {
  if (size === 1) return view.getUint8(at);
  return size === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
}
