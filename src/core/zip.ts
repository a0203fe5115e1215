import { findZipDirectory, integer64 } from "./zip-directory.js";

/** A zip archive, in memory or on disk. */
export interface ZipSource {
  /** Its size. */
  readonly bytes: number;
  /** Reads a part of it; called only for ranges inside the archive. */
  read(start: number, end: number): Uint8Array;
}

/** A file inside a zip archive. */
export interface ZipEntry {
  /** Its path in the archive. */
  readonly name: string;
  /** Where its content, as the archive has it, begins. */
  readonly start: number;
  /** Where that ends. */
  readonly end: number;
  /** Size of the content once it is unpacked, as the archive states it. */
  readonly size: number;
  /** How the content is packed: 0 stored as it is, 8 deflated, others are rare. */
  readonly method: number;
  /** CRC-32 that the archive gives for the content. */
  readonly crc: number;
  /** Whether it stands for a symbolic link. */
  readonly isLink: boolean;
}

/** Refuses a file with one sentence. */
export type Fail = (sentence: string) => Error;

const unset32 = 0xffffffff;
const damagedList = "the list of its parts is damaged; fetch or save it again";

/**
 * Lists the files of a zip archive, with or without the 64-bit extension. Nothing is unpacked.
 *
 * @param source - the archive
 * @param fail - makes the error
 * @returns the files by name; folders have names that end in "/"
 * @throws what `fail` makes when the archive is cut off, damaged or encrypted, or names a file twice, outside
 *   the archive's folder, or over another
 * @see PKWARE, .ZIP File Format Specification, sec. 4.3
 */
export function zipEntries(source: ZipSource, fail: Fail): Map<string, ZipEntry> {
  const directory = findZipDirectory(source, fail);
  const list = source.read(directory.start, directory.start + directory.bytes);
  const view = viewOf(list);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < directory.entries; i++) {
    if (at + 46 > list.length || view.getUint32(at, true) !== 0x02014b50) throw fail(damagedList);
    const { entry, next } = readEntry(source, list, at, fail);
    at = next;
    checkName(entry.name, fail);
    if (entries.has(entry.name)) {
      throw fail(`it has two parts named ${shown(entry.name)}; a whole archive has one of each`);
    }
    if (entry.end > directory.start) throw fail(outside(entry.name));
    entries.set(entry.name, entry);
  }
  checkOverlaps([...entries.values()], fail);
  return entries;
}

/**
 * @param name - text from a file
 * @returns it as JSON, at most 80 characters of it
 */
export function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

function checkOverlaps(entries: readonly ZipEntry[], fail: Fail): void {
  const spans = entries.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  for (let i = 1; i < spans.length; i++) {
    const [before, after] = [spans[i - 1], spans[i]];
    if (after.start < before.end) {
      throw fail(
        `its parts ${shown(before.name)} and ${shown(after.name)} overlap; it is damaged or made to deceive`,
      );
    }
  }
}

function readEntry(
  source: ZipSource,
  list: Uint8Array,
  at: number,
  fail: Fail,
): { entry: ZipEntry; next: number } {
  const view = viewOf(list);
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((i) => view.getUint16(at + i, true));
  const nameEnd = at + 46 + nameBytes;
  const next = nameEnd + extraBytes + commentBytes;
  if (next > list.length) throw fail(damagedList);
  const nameAt = list.subarray(at + 46, nameEnd);
  const name = new TextDecoder().decode(nameAt);
  if (view.getUint16(at + 8, true) & 1) {
    throw fail(`its part ${shown(name)} is encrypted; get it without encryption`);
  }
  const [size, packed, header] = longFields(view, { at: nameEnd, end: nameEnd + extraBytes }, fail, [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ]);
  if (header + 30 > source.bytes) throw fail(outside(name));
  const local = viewOf(source.read(header, header + 30));
  if (local.getUint32(0, true) !== 0x04034b50) throw fail(outside(name));
  const localNameBytes = local.getUint16(26, true);
  const localNameEnd = header + 30 + localNameBytes;
  const isSame =
    localNameBytes === nameBytes &&
    localNameEnd <= source.bytes &&
    Buffer.compare(source.read(header + 30, localNameEnd), nameAt) === 0;
  if (!isSame) throw fail(`its part ${shown(name)} has two names; it is damaged or made to deceive`);
  const start = localNameEnd + local.getUint16(28, true);
  const isUnix = view.getUint8(at + 5) === 3;
  const entry = {
    name,
    start,
    end: start + packed,
    size,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    isLink: isUnix && (view.getUint16(at + 40, true) & 0xf000) === 0xa000,
  };
  return { entry, next };
}

/** Replaces 32-bit fields that say "see the extension" by those of the 64-bit extension. */
function longFields(
  view: DataView,
  extra: { at: number; end: number },
  fail: Fail,
  fields: [number, number, number],
): [number, number, number] {
  for (let at = extra.at; at + 4 <= extra.end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const end = Math.min(extra.end, at + 4 + view.getUint16(at + 2, true));
    let from = at + 4;
    return fields.map((value) => {
      if (value !== unset32 || from + 8 > end) return value;
      from += 8;
      return integer64(view, from - 8, fail);
    }) as [number, number, number];
  }
  return fields;
}

function outside(name: string): string {
  return `its part ${shown(name)} lies outside the file; it is cut off or damaged, fetch it again`;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function checkName(name: string, fail: Fail): void {
  const parts = name.split(/[/\\]/);
  if (name.includes("\0") || /^([/\\]|[A-Za-z]:)/.test(name) || parts.includes("..") || name === "") {
    throw fail(`it names a part ${shown(name)}, a path that leads outside of it; it is made to deceive`);
  }
}
