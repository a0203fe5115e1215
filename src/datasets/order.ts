/**
 * Compares paths as people count: "cell2.png" before "cell10.png", folder by folder; otherwise by code units.
 *
 * @param a - a posix path
 * @param b - another
 * @returns negative, 0 or positive, as Array.sort wants it; 0 only for equal texts
 */
export function compareNaturally(a: string, b: string): number {
  let differing = 0;
  while (differing < a.length && a[differing] === b[differing]) differing++;
  let start = differing;
  while (start > 0 && isDigit(a.charCodeAt(start - 1))) start--;
  return compareNumerals(numeralAt(a, start), numeralAt(b, start)) || rank(a, differing) - rank(b, differing);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function numeralAt(text: string, start: number): string {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end++;
  return text.slice(start, end);
}

/** Compares decimal numerals of any length; 0 when either is empty. */
function compareNumerals(a: string, b: string): number {
  if (a === "" || b === "") return 0;
  const left = a.replace(/^0+/, "");
  const right = b.replace(/^0+/, "");
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

function rank(text: string, i: number): number {
  if (i >= text.length) return -1;
  return text[i] === "/" ? 0 : text.charCodeAt(i) + 1;
}
