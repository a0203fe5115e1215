import { readFileSync } from "node:fs";

/** An array read from a .npy file. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** Numbers as stored: "<f4", "<f8", "|u1", "<i4" or "<i8"; texts of "<U" arrays are left out. */
  readonly data: Float32Array | Float64Array | Uint8Array | Int32Array | BigInt64Array;
}

/**
 * @param bytes - content of a .npy file, C order
 * @returns the array
 */
export function parseNpy(bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6] > 1;
  const headerBytes = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + headerBytes;
  const header = new TextDecoder().decode(bytes.subarray(wide ? 12 : 10, start));
  const type = /'descr': '([^']+)'/.exec(header)?.[1] ?? "";
  if (!/'fortran_order': False/.test(header)) throw new Error("only C order is read");
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "")
    .split(",")
    .filter((n) => n.trim())
    .map(Number);
  const body = new Uint8Array(bytes.subarray(start)).buffer;
  switch (type) {
    case "<f4":
      return { shape, data: new Float32Array(body) };
    case "<f8":
      return { shape, data: new Float64Array(body) };
    case "|u1":
      return { shape, data: new Uint8Array(body) };
    case "<i4":
      return { shape, data: new Int32Array(body) };
    case "<i8":
      return { shape, data: new BigInt64Array(body) };
    default:
      throw new Error(`type ${type} is not read`);
  }
}

/**
 * @param path - a .npy file
 * @returns the array
 */
export function readNpy(path: string): NpyArray {
  return parseNpy(readFileSync(path));
}

/**
 * @param path - a .npz file whose members are stored without compression
 * @returns arrays by name; members of a type that is not read are left out
 */
export function readNpz(path: string): Map<string, NpyArray> {
  const bytes = readFileSync(path);
  const arrays = new Map<string, NpyArray>();
  let entry = bytes.readUInt32LE(bytes.lastIndexOf("PK\x05\x06", bytes.length, "latin1") + 16);
  while (bytes.readUInt32LE(entry) === 0x02014b50) {
    const size = bytes.readUInt32LE(entry + 20);
    const nameBytes = bytes.readUInt16LE(entry + 28);
    const name = bytes.toString("utf8", entry + 46, entry + 46 + nameBytes);
    const local = bytes.readUInt32LE(entry + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const member = bytes.subarray(start, start + size);
    if (!member.includes("'<U")) arrays.set(name.replace(/\.npy$/, ""), parseNpy(member));
    entry += 46 + nameBytes + bytes.readUInt16LE(entry + 30) + bytes.readUInt16LE(entry + 32);
  }
  return arrays;
}
