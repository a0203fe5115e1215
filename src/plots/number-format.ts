/**
 * Writes a number for people.
 *
 * @param value - a finite number
 * @param digits - significant digits, default 3; digits before the decimal point are all kept
 * @returns for example "0.0123", "12.3", "1,234" or "1.2e-7"
 */
export function formatNumber(value: number, digits = 3): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9) return value.toExponential(digits - 1).replace("e+", "e");
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return withCommas(Number.isInteger(value) ? String(value) : value.toFixed(decimals));
}

function withCommas(digits: string): string {
  const [whole, ...decimals] = digits.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...decimals].join(".");
}

/**
 * Writes a number with its noun.
 *
 * @param count - a count
 * @param singular - the noun
 * @param plural - its plural, default with an added s
 * @returns for example "1 image" or "1,200 images"
 */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${withCommas(String(count))} ${count === 1 ? singular : plural}`;
}
