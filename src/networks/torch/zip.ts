import { crc32 } from "node:zlib";

/** A file inside a zip archive that is in memory. */
export interface ZipEntry {
  /** Its path in the archive. */
  readonly name: string;
  /** Its content as the archive has it, a view of the archive. */
  readonly bytes: Uint8Array;
  /** Whether the content is stored as it is. */
  readonly stored: boolean;
  /** CRC-32 that the archive gives for it. */
  readonly crc: number;
}

/** Refuses a file with one sentence. */
export type Fail = (sentence: string) => Error;

interface Directory {
  readonly start: number;
  readonly bytes: number;
  readonly entries: number;
}

const endBytes = 22;
const locatorBytes = 20;
const longestComment = 0xffff;
const entryLimit = 200_000;
const unset32 = 0xffffffff;

/**
 * Lists the files of a zip archive, with or without the 64-bit extension. torch.save stores them as they are; nothing is ever
 * unpacked, so that no archive can be larger in memory than on disk.
 *
 * @param archive - the whole archive
 * @param fail - makes the error
 * @returns the files by name
 * @throws what `fail` makes when the archive is cut off, damaged or encrypted, or names a file twice, outside
 *   the archive's folder, or over another
 */
export function zipEntries(archive: Uint8Array, fail: Fail): Map<string, ZipEntry> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const directory = findDirectory(view, fail);
  const entries = new Map<string, ZipEntry>();
  const spans: { start: number; end: number; name: string }[] = [];
  let at = directory.start;
  const directoryEnd = directory.start + directory.bytes;
  for (let i = 0; i < directory.entries; i++) {
    if (at + 46 > directoryEnd || view.getUint32(at, true) !== 0x02014b50) {
      throw fail("the list of its parts is damaged; fetch or save it again");
    }
    const entry = readEntry(archive, view, at, directoryEnd, fail);
    at = entry.next;
    const { name, start, end } = entry;
    checkName(name, fail);
    if (entries.has(name)) throw fail(`it has two parts named ${shown(name)}; a checkpoint has one of each`);
    if (end > directory.start) {
      throw fail(`its part ${shown(name)} lies outside the file; it is cut off or damaged, fetch it again`);
    }
    if (end > start) spans.push({ start, end, name });
    entries.set(name, { name, bytes: archive.subarray(start, end), stored: entry.stored, crc: entry.crc });
  }
  spans.sort((a, b) => a.start - b.start);
  for (let i = 1; i < spans.length; i++) {
    if (spans[i].start < spans[i - 1].end) {
      throw fail(
        `its parts ${shown(spans[i - 1].name)} and ${shown(spans[i].name)} overlap; it is damaged or made to deceive`,
      );
    }
  }
  return entries;
}

/**
 * Checks that the content of a part of an archive can be used.
 *
 * @param entry - the part
 * @param fail - makes the error
 * @throws what `fail` makes when the content is compressed or does not have the CRC-32 that the archive gives
 */
export function checkEntry({ name, bytes, stored, crc }: ZipEntry, fail: Fail): void {
  if (!stored) {
    throw fail(
      `its part ${shown(name)} is compressed, which torch.save never does; load it in Python and save its state_dict() again`,
    );
  }
  if (crc32(bytes) !== crc) throw fail(`its part ${shown(name)} is damaged; fetch or save it again`);
}

/**
 * @param name - text from a file
 * @returns it as JSON, at most 80 characters of it
 */
export function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

function findDirectory(view: DataView, fail: Fail): Directory {
  const size = view.byteLength;
  for (let at = size - endBytes; at >= Math.max(0, size - endBytes - longestComment); at--) {
    if (view.getUint32(at, true) !== 0x06054b50 || at + endBytes + view.getUint16(at + 20, true) !== size)
      continue;
    const directory = longDirectory(view, at, fail) ?? {
      entries: view.getUint16(at + 10, true),
      bytes: view.getUint32(at + 12, true),
      start: view.getUint32(at + 16, true),
    };
    if (directory.start + directory.bytes > at || directory.entries > entryLimit) break;
    return directory;
  }
  throw fail("the list of its parts is missing at its end; it is cut off, fetch or save it again");
}

function longDirectory(view: DataView, end: number, fail: Fail): Directory | undefined {
  const locator = end - locatorBytes;
  if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50) return undefined;
  const at = integer64(view, locator + 8, fail);
  if (at + 56 > locator || view.getUint32(at, true) !== 0x06064b50) {
    throw fail("the list of its parts is damaged; fetch or save it again");
  }
  return {
    entries: integer64(view, at + 32, fail),
    bytes: integer64(view, at + 40, fail),
    start: integer64(view, at + 48, fail),
  };
}

function readEntry(archive: Uint8Array, view: DataView, at: number, directoryEnd: number, fail: Fail) {
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((i) => view.getUint16(at + i, true));
  const next = at + 46 + nameBytes + extraBytes + commentBytes;
  if (next > directoryEnd) throw fail("the list of its parts is damaged; fetch or save it again");
  const nameAt = archive.subarray(at + 46, at + 46 + nameBytes);
  const name = new TextDecoder().decode(nameAt);
  if (view.getUint16(at + 8, true) & 1)
    throw fail(`its part ${shown(name)} is encrypted; torch never does that`);
  const extra = { at: at + 46 + nameBytes, end: at + 46 + nameBytes + extraBytes };
  const [size, packed, header] = longFields(view, extra, fail, [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ]);
  if (header + 30 > archive.byteLength || view.getUint32(header, true) !== 0x04034b50) {
    throw fail(`its part ${shown(name)} lies outside the file; it is cut off or damaged, fetch it again`);
  }
  const localNameBytes = view.getUint16(header + 26, true);
  const localName = archive.subarray(header + 30, header + 30 + localNameBytes);
  if (localNameBytes !== nameBytes || nameAt.some((byte, i) => byte !== localName[i])) {
    throw fail(`its part ${shown(name)} has two names; it is damaged or made to deceive`);
  }
  const start = header + 30 + localNameBytes + view.getUint16(header + 28, true);
  const stored = view.getUint16(at + 10, true) === 0 && size === packed;
  return { name, crc: view.getUint32(at + 16, true), stored, start, end: start + packed, next };
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

function integer64(view: DataView, at: number, fail: Fail): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw fail("the list of its parts is damaged; fetch or save it again");
  return value;
}

function checkName(name: string, fail: Fail): void {
  const parts = name.split(/[/\\]/);
  if (name.includes("\0") || /^([/\\]|[A-Za-z]:)/.test(name) || parts.includes("..") || name === "") {
    throw fail(`it names a part ${shown(name)}, a path that leads outside of it; it is made to deceive`);
  }
}
