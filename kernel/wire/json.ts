/**
 * JSON text of message content. Values that JSON does not know become text instead of an error.
 *
 * @param value - objects, arrays and plain values; binary data as base64 text
 * @returns JSON
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, replaceUnknown) ?? "null";
}

function replaceUnknown(this: Record<string, unknown>, key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  const original = this[key];
  if (original instanceof Uint8Array) return Buffer.from(original).toString("base64");
  if (
    typeof value === "object" &&
    value !== null &&
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView)
  ) {
    return Array.from(value as unknown as ArrayLike<number>);
  }
  return value;
}
