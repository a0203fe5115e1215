import { crc32 } from "node:zlib";

/** A part of an archive, and what is to be wrong with it. */
export interface ZipPart {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Compression method written, default 0: stored. */
  readonly method?: number;
  /** Size written, default that of the bytes. */
  readonly size?: number;
  /** CRC-32 written, default that of the bytes. */
  readonly crc?: number;
  /** Flags written, default 0. */
  readonly flags?: number;
  /** Name in the part's own header, default the same. */
  readonly localName?: string;
  /** Place of the part's own header, default where it is. */
  readonly offset?: number;
}

/**
 * @param parts - the parts, in order
 * @returns a zip archive in the plain form, the parts not compressed
 */
export function zipOf(parts: readonly ZipPart[]): Uint8Array {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, localName = name, ...odd } of parts) {
    const { method = 0, size = bytes.length, crc = crc32(bytes), flags = 0, offset = at } = odd;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(size, 18);
    const [local, central] = [Buffer.from(localName), Buffer.from(name)];
    common.writeUInt16LE(local.length, 22);
    const body = Buffer.concat([Buffer.from("PK\x03\x04"), common, local, bytes]);
    const entry = Buffer.alloc(46);
    entry.write("PK\x01\x02");
    common.copy(entry, 6);
    entry.writeUInt16LE(central.length, 28);
    entry.writeUInt32LE(offset, 42);
    bodies.push(body);
    directory.push(entry, central);
    at += body.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...bodies, list, end]));
}
