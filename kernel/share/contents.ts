/** What a page holds, by kind: how many, and their bytes. */
export class Contents {
  readonly #counts = new Map<string, { count: number; bytes: number }>();

  /**
   * Counts a part of the page.
   *
   * @param kind - "plotly", "explorer", "picture"
   * @param parts - its content as it stands in the page; undefined is nothing
   */
  count(kind: string, ...parts: (string | undefined)[]): void {
    const bytes = parts.reduce((sum, part) => sum + (part === undefined ? 0 : Buffer.byteLength(part)), 0);
    const before = this.#counts.get(kind) ?? { count: 0, bytes: 0 };
    this.#counts.set(kind, { count: before.count + 1, bytes: before.bytes + bytes });
  }

  /**
   * @param kind - a kind
   * @returns how many there are, and their bytes
   */
  of(kind: string): { readonly count: number; readonly bytes: number } {
    return this.#counts.get(kind) ?? { count: 0, bytes: 0 };
  }
}

/**
 * @param base64 - content as notebooks keep it
 * @returns its bytes; what is no base64 is left out
 */
export function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, "base64");
}
