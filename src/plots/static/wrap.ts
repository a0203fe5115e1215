import { type Face, fitText, textWidth } from "./fonts.js";

/**
 * Breaks text into lines at its spaces.
 *
 * @param text - one line of text
 * @param width - width available in pixels
 * @param size - font size in pixels
 * @param face - face of the font, default regular
 * @returns the lines; a word that is too long for a line ends with an ellipsis
 */
export function wrapText(text: string, width: number, size: number, face: Face = "regular"): string[] {
  const lines: string[] = [];
  for (const word of text.split(/ +/)) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, size, face) <= width) lines[lines.length - 1] = longer;
    else lines.push(fitText(word, width, size, { face }));
  }
  return lines;
}
