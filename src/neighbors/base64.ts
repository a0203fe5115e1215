const piece = 0x8000;

/**
 * @param bytes - any bytes
 * @returns their base64 text
 */
export function textFromBytes(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += piece) {
    binary += String.fromCharCode(...bytes.subarray(i, i + piece));
  }
  return btoa(binary);
}

/**
 * @param text - base64 text
 * @returns the bytes
 */
export function bufferFromText(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
}
