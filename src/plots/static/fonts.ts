import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Font } from "opentype.js";

/** The faces of DejaVu Sans that pictures use. */
export type Face = "regular" | "bold" | "oblique" | "boldOblique";

/** Name of the font family that is drawn in pictures, on every machine the same. */
export const drawnFamily = "DejaVu Sans";

const fileNames: Record<Face, string> = {
  regular: "DejaVuSans.ttf",
  bold: "DejaVuSans-Bold.ttf",
  oblique: "DejaVuSans-Oblique.ttf",
  boldOblique: "DejaVuSans-BoldOblique.ttf",
};

const require = createRequire(import.meta.url);
const parsed = new Map<Face, Font>();
const advances = new Map<string, number>();

/**
 * @param slanted - whether the oblique faces are needed
 * @returns the paths of the font files
 */
export function fontFiles(slanted: boolean): string[] {
  const faces: Face[] = slanted ? ["regular", "bold", "oblique", "boldOblique"] : ["regular", "bold"];
  return faces.map(fontFile);
}

function fontFile(face: Face): string {
  return require.resolve(`dejavu-fonts-ttf/ttf/${fileNames[face]}`);
}

function font(face: Face): Font {
  let known = parsed.get(face);
  if (!known) {
    const { parse } = require("opentype.js") as typeof import("opentype.js");
    const bytes = readFileSync(fontFile(face));
    known = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), { lowMemory: true });
    parsed.set(face, known);
  }
  return known;
}

function advance(character: string, face: Face): number {
  const key = `${face}${character}`;
  let width = advances.get(key);
  if (width === undefined) {
    const known = font(face);
    const wide = (character.codePointAt(0) ?? 0) >= 0x2e80;
    width =
      wide && known.charToGlyphIndex(character) === 0
        ? 1
        : known.charToGlyph(character).advanceWidth / known.unitsPerEm;
    advances.set(key, width);
  }
  return width;
}

/**
 * Width of a line of text in DejaVu Sans: the sum of the advance widths, kerning left out.
 *
 * @param text - one line
 * @param size - font size in pixels
 * @param face - face of the font, default regular
 * @returns width in pixels
 */
export function textWidth(text: string, size: number, face: Face = "regular"): number {
  let width = 0;
  for (const character of text) width += advance(character, face);
  return width * size;
}

/** Distance from the baseline to the top of a line, as a fraction of the font size. */
export const ascent = 0.928;

/** Distance from the baseline to the bottom of a line, as a fraction of the font size. */
export const descent = 0.236;

/**
 * Shortens text to a width with an ellipsis.
 *
 * @param text - one line
 * @param width - width available in pixels
 * @param size - font size in pixels
 * @param options - `face`, default regular; `keep`: which part stays, default "start"
 * @returns the text, or the part of it that fits with "…"
 */
export function fitText(
  text: string,
  width: number,
  size: number,
  options: { face?: Face; keep?: "start" | "end" } = {},
): string {
  const { face = "regular", keep = "start" } = options;
  if (textWidth(text, size, face) <= width) return text;
  const characters = keep === "start" ? Array.from(text) : Array.from(text).reverse();
  const room = width - textWidth("…", size, face);
  let used = 0;
  let count = 0;
  while (count < characters.length) {
    used += advance(characters[count], face) * size;
    if (used > room) break;
    count++;
  }
  const kept = characters.slice(0, count);
  return keep === "start" ? `${kept.join("").trimEnd()}…` : `…${kept.reverse().join("").trimStart()}`;
}
