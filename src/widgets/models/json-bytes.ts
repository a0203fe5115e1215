/**
 * @param count - how many different values there are, from 0
 * @returns bytes of one value in the smallest of the usual forms
 */
export function bytesEach(count: number): number {
  return count <= 2 ** 8 ? 1 : count <= 2 ** 16 ? 2 : 4;
}

/**
 * @param bytes - a number of bytes
 * @returns characters of their base64 text
 */
export function base64Bytes(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

/**
 * @param value - JSON in which typed arrays may stand
 * @returns bytes of its JSON with the arrays as base64, whole numbers in the smallest form that holds them
 */
export function jsonBytes(value: unknown): number {
  if (ArrayBuffer.isView(value)) return 60 + base64Bytes(packedBytes(value));
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + jsonBytes(item) + 1, 2);
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return entries.reduce((sum, [key, item]) => sum + jsonBytes(key) + jsonBytes(item) + 2, 2);
  }
  return new TextEncoder().encode(JSON.stringify(value) ?? "").length;
}

function packedBytes(array: ArrayBufferView): number {
  if (!(array instanceof Int32Array || array instanceof Uint32Array)) return array.byteLength;
  let [low, high] = [0, 0];
  for (const value of array) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return array.length * (low < 0 ? 4 : bytesEach(high + 1));
}
