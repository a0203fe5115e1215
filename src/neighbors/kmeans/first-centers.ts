import type { ProgressMeter } from "../../core/progress.js";
import type { Random } from "../../core/random.js";
import type { Features } from "../../extractors/features.js";
import type { CenterProducts } from "./center-products.js";

const candidatesAtOnce = 32;

/**
 * Chooses training rows as first centers by k-means++: each with a probability proportional to its squared distance from
 * the nearest center chosen before.
 *
 * Rows are drawn some at a time and their distances computed by one matrix product. A row that was drawn when its squared
 * distance was D is then kept with probability D' / D, where D' is the distance now; as distances only shrink, that is
 * drawing by D'.
 *
 * @param train - the rows
 * @param clusters - how many, at most the number of rows
 * @param tools - the products, chance, and the meter, which counts centers
 * @returns Float64Array, clusters x d row-major
 * @see Arthur and Vassilvitskii 2007, "k-means++: The advantages of careful seeding"
 */
export async function firstCenters(
  train: Features,
  clusters: number,
  { products, random, meter }: { products: CenterProducts; random: Random; meter: ProgressMeter },
): Promise<Float64Array> {
  const { n, d, data } = train;
  const nearest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const chosen = new Set<number>();
  const centers = new Float64Array(clusters * d);
  let atOnce = 1;
  while (chosen.size < clusters) {
    const candidates = draw(nearest, chosen, atOnce, random);
    const drawnAt = candidates.map((row) => nearest[row]);
    const rows = new Float64Array(candidates.length * d);
    for (const [c, row] of candidates.entries()) rows.set(data.subarray(row * d, (row + 1) * d), c * d);
    const found = new Float64Array(candidates.length * n);
    await products.eachBlock(rows, candidates.length, async (keys, first, count) => {
      for (let c = 0; c < candidates.length; c++) {
        for (let i = 0; i < count; i++) {
          const distance = products.squaredNorms[first + i] + keys[i * candidates.length + c];
          found[c * n + first + i] = Math.max(0, distance);
        }
      }
      await meter.add(0);
    });
    for (const [c, row] of candidates.entries()) {
      if (chosen.size === clusters || chosen.has(row)) continue;
      const keep = drawnAt[c] === Number.POSITIVE_INFINITY || nearest[row] === drawnAt[c];
      if (!keep && random.uniform() * drawnAt[c] >= nearest[row]) continue;
      centers.set(rows.subarray(c * d, (c + 1) * d), chosen.size * d);
      chosen.add(row);
      for (let i = 0, at = c * n; i < n; i++, at++) if (found[at] < nearest[i]) nearest[i] = found[at];
      nearest[row] = 0;
      await meter.add(1);
    }
    atOnce = Math.min(candidatesAtOnce, chosen.size);
  }
  return centers;
}

/** Rows drawn by squared distance; where no row is apart from the centers, the first ones that are no center yet. */
function draw(nearest: Float64Array, chosen: Set<number>, count: number, random: Random): number[] {
  const n = nearest.length;
  if (chosen.size === 0) return [random.integer(n)];
  const sums = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    total += nearest[i];
    sums[i] = total;
  }
  if (!(total > 0)) {
    const rest: number[] = [];
    for (let i = 0; rest.length < count && i < n; i++) if (!chosen.has(i)) rest.push(i);
    return rest;
  }
  return Array.from({ length: count }, () => firstAbove(sums, random.uniform() * total));
}

function firstAbove(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
