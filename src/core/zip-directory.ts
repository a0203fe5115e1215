import type { Fail, ZipSource } from "./zip.js";

/** Where a zip archive has the list of its files. */
export interface ZipDirectory {
  /** Where the list begins. */
  readonly start: number;
  /** Its size. */
  readonly bytes: number;
  /** How many files it names. */
  readonly entries: number;
}

const endBytes = 22;
const locatorBytes = 20;
const longEndBytes = 56;
const longestComment = 0xffff;
const mostEntries = 200_000;
const mostListBytes = 1 << 26;
const damaged = "the list of its parts is damaged; fetch or save it again";

/**
 * Finds the list of a zip archive's files from the archive's end, with or without the 64-bit extension.
 *
 * @param source - the archive
 * @param fail - makes the error
 * @returns where the list is; it lies inside the archive
 * @throws what `fail` makes when there is none
 */
export function findZipDirectory(source: ZipSource, fail: Fail): ZipDirectory {
  const from = Math.max(0, source.bytes - endBytes - longestComment);
  const tail = source.read(from, source.bytes);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.length - endBytes; at >= 0; at--) {
    const isEnd =
      view.getUint32(at, true) === 0x06054b50 &&
      at + endBytes + view.getUint16(at + 20, true) === tail.length;
    if (!isEnd) continue;
    const directory = longDirectory(source, from + at, fail) ?? {
      entries: view.getUint16(at + 10, true),
      bytes: view.getUint32(at + 12, true),
      start: view.getUint32(at + 16, true),
    };
    if (directory.start + directory.bytes > from + at) break;
    if (directory.entries > mostEntries || directory.bytes > mostListBytes) {
      throw fail(`it must have at most ${mostEntries} parts; it says that it has ${directory.entries}`);
    }
    return directory;
  }
  throw fail("the list of its parts is missing at its end; it is cut off, fetch or save it again");
}

/**
 * @param view - bytes of an archive
 * @param at - where a 64-bit number begins
 * @param fail - makes the error
 * @returns the number
 * @throws what `fail` makes when no file can be that large
 */
export function integer64(view: DataView, at: number, fail: Fail): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw fail(damaged);
  return value;
}

function longDirectory(source: ZipSource, end: number, fail: Fail): ZipDirectory | undefined {
  const locatorAt = end - locatorBytes;
  if (locatorAt < 0) return undefined;
  const locator = read(source, locatorAt, locatorBytes);
  if (locator.getUint32(0, true) !== 0x07064b50) return undefined;
  const at = integer64(locator, 8, fail);
  if (at + longEndBytes > locatorAt) throw fail(damaged);
  const long = read(source, at, longEndBytes);
  if (long.getUint32(0, true) !== 0x06064b50) throw fail(damaged);
  const [entries, bytes, start] = [32, 40, 48].map((place) => integer64(long, place, fail));
  return { entries, bytes, start };
}

function read(source: ZipSource, start: number, length: number): DataView {
  const bytes = source.read(start, start + length);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
