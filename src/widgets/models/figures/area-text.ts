import { percent } from "./roc.js";

/**
 * @param area - ROCAUC as a fraction
 * @returns the area in per cent, for example "86.6 %"
 */
export function areaText(area: number): string {
  return `${(100 * area).toFixed(1)} %`;
}

/**
 * @param area - ROCAUC and the ends of its interval as fractions; NaN ends where there is no interval
 * @param level - level of the interval, for example 0.95
 * @returns value and detail of a readout
 */
export function areaReadout(
  { rocAuc, low, high }: { readonly rocAuc: number; readonly low: number; readonly high: number },
  level: number,
): { value: string; detail?: string } {
  const value = areaText(rocAuc);
  if (Number.isNaN(low)) return { value };
  return {
    value,
    detail: `${(100 * low).toFixed(1)} to ${areaText(high)}, ${percent(level)} interval (DeLong)`,
  };
}
