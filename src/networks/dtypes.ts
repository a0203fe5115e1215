import { fromBfloat16, fromFloat16 } from "./float16.js";

/** The number types of a safetensors file that are read, with their bytes. */
export const dtypes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

/** Name of a number type. */
export type Dtype = keyof typeof dtypes;

/**
 * @param name - any text
 * @returns whether it names a type that is read
 */
export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(dtypes, name);
}

/**
 * Numbers of any type as float32: exact for float16, bfloat16 and small integers, rounded for float64 and large integers.
 *
 * @param dtype - type of the numbers
 * @param bytes - the numbers, little-endian
 * @returns Float32Array; for F32 at an offset divisible by 4 a view of the bytes
 */
export function widen(dtype: Dtype, bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % dtypes[dtype] === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset } = aligned;
  const length = aligned.byteLength / dtypes[dtype];
  switch (dtype) {
    case "F64":
      return Float32Array.from(new Float64Array(buffer, byteOffset, length));
    case "F32":
      return new Float32Array(buffer as ArrayBuffer, byteOffset, length);
    case "F16":
      return fromFloat16(new Uint16Array(buffer, byteOffset, length));
    case "BF16":
      return fromBfloat16(new Uint16Array(buffer, byteOffset, length));
    case "I64":
      return Float32Array.from(new BigInt64Array(buffer, byteOffset, length), Number);
    case "I32":
      return Float32Array.from(new Int32Array(buffer, byteOffset, length));
    case "I16":
      return Float32Array.from(new Int16Array(buffer, byteOffset, length));
    case "I8":
      return Float32Array.from(new Int8Array(buffer, byteOffset, length));
    case "U8":
    case "BOOL":
      return Float32Array.from(aligned);
  }
}
