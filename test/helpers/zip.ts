import { crc32, deflateRawSync } from "node:zlib";

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
  /** File mode that Unix gives it, default none. */
  readonly mode?: number;
}

/** A part with the content deflated, as most programs write it. */
export function deflated(name: string, content: string | Uint8Array): ZipPart {
  const plain = Buffer.from(content);
  return { name, bytes: deflateRawSync(plain), method: 8, size: plain.length, crc: crc32(plain) };
}

/**
 * @param parts - the parts, in order
 * @param options - `long`: sizes and places in the 64-bit extension
 * @returns a zip archive; the parts have their bytes as given
 */
export function zipOf(parts: readonly ZipPart[], options: { long?: boolean } = {}): Uint8Array {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, localName = name, ...odd } of parts) {
    const { method = 0, size = bytes.length, crc = crc32(bytes), flags = 0, offset = at, mode = 0 } = odd;
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
    entry.writeUInt8(3, 5);
    entry.writeUInt32LE(mode * 65_536, 38);
    const extra = options.long ? longFields([size, bytes.length, offset]) : Buffer.alloc(0);
    entry.writeUInt16LE(extra.length, 30);
    if (options.long) for (const field of [20, 24, 42]) entry.writeUInt32LE(0xffffffff, field);
    bodies.push(body);
    directory.push(entry, central, extra);
    at += body.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  const long = options.long ? longEnd(parts.length, list.length, at) : Buffer.alloc(0);
  return new Uint8Array(Buffer.concat([...bodies, list, long, end]));
}

function longFields(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, i) => void extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i));
  return extra;
}

function longEnd(parts: number, listBytes: number, listAt: number): Buffer {
  const end = Buffer.alloc(76);
  end.write("PK\x06\x06");
  end.writeBigUInt64LE(44n, 4);
  [parts, parts, listBytes, listAt].forEach(
    (value, i) => void end.writeBigUInt64LE(BigInt(value), 24 + 8 * i),
  );
  end.write("PK\x06\x07", 56);
  end.writeBigUInt64LE(BigInt(listAt + listBytes), 64);
  end.writeUInt32LE(1, 72);
  return end;
}
