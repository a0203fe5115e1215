import { checkOptions, oneOf } from "../core/options.js";
import { writeFileAtomically } from "../core/write-file.js";
import { toFloat16 } from "./float16.js";
import type { Tensor } from "./weights.js";

/** How a checkpoint is written. */
export interface SafetensorsOptions {
  /** Number type in the file; "float16" rounds to the nearest. Default "float32". */
  dtype?: "float32" | "float16";
  /** Notes kept in the file's header, texts by name. */
  metadata?: Readonly<Record<string, string>>;
}

/**
 * The bytes of a safetensors file.
 *
 * @param tensors - tensors by name, written in this order
 * @param options - number type and notes
 * @returns the file's content; the tensors' data start at a multiple of 8 bytes
 * @throws RangeError when a tensor's data does not fit its shape
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  options: SafetensorsOptions = {},
): Uint8Array {
  checkOptions("encodeSafetensors", options, ["dtype", "metadata"]);
  const dtype = oneOf("dtype", options.dtype ?? "float32", ["float32", "float16"]);
  const [code, width] = dtype === "float32" ? ["F32", 4] : ["F16", 2];
  const header: Record<string, unknown> = options.metadata ? { __metadata__: options.metadata } : {};
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    const size = shape.reduce((product, n) => product * n, 1);
    if (size !== data.length) {
      throw new RangeError(
        `tensor ${name} of shape ${shape.join(" x ")} must have ${size} numbers; got ${data.length}`,
      );
    }
    header[name] = { dtype: code, shape, data_offsets: [end, end + size * Number(width)] };
    end += size * Number(width);
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + headerBytes + end).fill(0x20, 8, 8 + headerBytes);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerBytes), true);
  out.set(json, 8);
  let offset = 8 + headerBytes;
  for (const { data } of tensors.values()) {
    const numbers = dtype === "float32" ? data : Uint16Array.from(data as ArrayLike<number>, toFloat16);
    out.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), offset);
    offset += numbers.byteLength;
  }
  return out;
}

/**
 * Writes a safetensors file, first under a temporary name, so that no half-written file is ever found under the path.
 *
 * @param path - the file to write or replace
 * @param tensors - tensors by name, written in this order
 * @param options - number type and notes
 * @throws RangeError when a tensor's data does not fit its shape
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  options: SafetensorsOptions = {},
): Promise<void> {
  await writeFileAtomically(path, encodeSafetensors(tensors, options));
}
