/*
 * The protocol counts Unicode code points, JavaScript UTF-16 units.
 */

/**
 * @param text - any text
 * @param codePoints - offset as the protocol gives it
 * @returns offset in UTF-16 units, at most the text's length
 */
export function toUtf16(text: string, codePoints: number): number {
  let offset = 0;
  for (let i = 0; i < codePoints && offset < text.length; i++)
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  return offset;
}

/**
 * @param text - any text
 * @param utf16 - offset in UTF-16 units
 * @returns offset as the protocol wants it
 */
export function toCodePoints(text: string, utf16: number): number {
  return [...text.slice(0, utf16)].length;
}
