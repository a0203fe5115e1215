const number = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;

/**
 * Whether two texts are the same but for small differences of the numbers in them, as different processors cause them.
 *
 * @param a - a text
 * @param b - another
 * @param tolerance - relative difference that is allowed, or absolute for numbers below 1
 * @returns undefined when they are alike, else what differs
 */
export function difference(a: string, b: string, tolerance = 0.02): string | undefined {
  const [words, otherWords] = [a.split(number), b.split(number)];
  const [numbers, otherNumbers] = [a.match(number) ?? [], b.match(number) ?? []];
  if (words.join("#") !== otherWords.join("#")) return `${a} <> ${b}`;
  for (const [i, text] of numbers.entries()) {
    const [x, y] = [Number(text), Number(otherNumbers[i])];
    if (Math.abs(x - y) > tolerance * Math.max(1, Math.abs(x)))
      return `${text} <> ${otherNumbers[i]} in: ${a}`;
  }
  return undefined;
}

/**
 * Takes out what differs from run to run: durations, rates and progress.
 *
 * @param text - a text output
 * @returns the rest
 */
export function withoutTimes(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/ of \d+ \w+, [\d.]+ \w+\/s| \d+ ms\b/.test(line))
    .map((line) => line.replace(/\b\d+(\.\d+)? s\b/g, "… s"))
    .join("\n");
}

/**
 * Takes out all numbers, their signs and the room they take: of figures that another processor computes differently, as those of a
 * training are.
 *
 * @param text - a text output
 * @returns the words
 */
export function withoutNumbers(text: string): string {
  return withoutTimes(text)
    .replace(/[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g, "#")
    .replace(/ +/g, " ");
}
