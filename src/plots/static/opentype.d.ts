declare module "opentype.js" {
  /** A parsed font; lengths in font units. */
  export interface Font {
    readonly unitsPerEm: number;
    readonly ascender: number;
    readonly descender: number;
    charToGlyphIndex(character: string): number;
    charToGlyph(character: string): { readonly advanceWidth: number };
  }

  /** Parses a TrueType file; with `lowMemory` glyphs are read when they are asked for. */
  export function parse(buffer: ArrayBuffer, options?: { lowMemory?: boolean }): Font;
}
