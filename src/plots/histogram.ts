/** Bins that several histograms share. */
export interface Bins {
  /** Ascending edges, one more than there are bins. */
  readonly edges: readonly number[];
  /** Number of values above the last edge, counted in the last bin. */
  readonly beyond: number;
}

const mostBins = 48;
const fewestBins = 10;

/**
 * Chooses bins with round edges: about n^(1/3) * 2 of them, from 10 to 48. Where a long tail would squeeze the rest
 * into few bins, the bins end behind the 99th percentile.
 *
 * @param values - all values, finite
 * @returns edges that cover the values or all but the tail
 */
export function chooseBins(values: ArrayLike<number>): Bins {
  const sorted = Float64Array.from(values).sort();
  const low = sorted[0];
  const p99 = sorted[Math.ceil(0.99 * sorted.length) - 1];
  const high = sorted[sorted.length - 1];
  const end = high - low > 2.5 * (p99 - low) && p99 > low ? p99 + 0.25 * (p99 - low) : high;
  const wanted = Math.min(mostBins, Math.max(fewestBins, Math.round(2 * Math.cbrt(sorted.length))));
  const nearlyEqual = end - low <= Math.max(1e-9 * Math.abs(low), 1e-9 * Math.abs(end), 1e-290);
  const width = roundStep((nearlyEqual ? Math.max(Math.abs(low), 1e-6) : end - low) / wanted);
  const first = Math.floor(low / width);
  const last = Math.max(first + 1, Math.floor(end / width) + 1);
  const edges = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * width).toPrecision(12)),
  );
  return { edges, beyond: sorted.filter((value) => value > edges[edges.length - 1]).length };
}

/**
 * @param step - a positive number
 * @returns the nearest of 1, 2, 2.5 or 5 times a power of ten that is not larger than twice the step
 */
export function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const choices = [1, 2, 2.5, 5, 10].map((factor) => factor * power);
  return choices.reduce((a, b) => (Math.abs(Math.log(b / step)) < Math.abs(Math.log(a / step)) ? b : a));
}

/**
 * @param values - values to count
 * @param edges - ascending edges; a value on an edge belongs to the bin above it
 * @returns number of values in each bin, those beyond the ends in the first and last one
 */
export function countInBins(values: ArrayLike<number>, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (let i = 0; i < values.length; i++) {
    let bin = 0;
    while (bin < counts.length - 1 && values[i] >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  return counts;
}

/**
 * The outline of a histogram from its first to its last bin that is not empty, as a polygon on the axis.
 *
 * @param edges - edges of the bins
 * @param heights - height of each bin
 * @returns coordinates of its corners
 */
export function outline(edges: readonly number[], heights: readonly number[]): { x: number[]; y: number[] } {
  const first = Math.max(
    0,
    heights.findIndex((height) => height > 0),
  );
  const last = Math.max(first, heights.length - 1 - [...heights].reverse().findIndex((height) => height > 0));
  const x = [edges[first]];
  const y = [0];
  for (let i = first; i <= last; i++) {
    x.push(edges[i], edges[i + 1]);
    y.push(heights[i], heights[i]);
  }
  return { x: [...x, edges[last + 1]], y: [...y, 0] };
}

/**
 * @param values - at least one value
 * @returns the middle value, or the mean of the two middle ones
 */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
