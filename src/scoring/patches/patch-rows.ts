import type { FeatureMap } from "../../extractors/index.js";

/**
 * The features of a map's places as rows, each averaged over the places around it, as far as there are any.
 *
 * @param map - a layer's map
 * @param neighborhood - side in places of the square that is averaged, odd: 1 averages nothing
 * @returns Float32Array, (height * width) x channels row-major, places row by row from the top
 * @see Roth and others 2022, "Towards total recall in industrial anomaly detection", section 3.1
 */
export function patchRows(map: Pick<FeatureMap, "shape" | "data">, neighborhood: number): Float32Array {
  const [channels, height, width] = map.shape;
  const size = height * width;
  const rows = new Float32Array(size * channels);
  const across = windows(width, neighborhood);
  const down = windows(height, neighborhood);
  const sums = new Float64Array(size);
  for (let c = 0; c < channels; c++) {
    for (let y = 0, at = 0; y < height; y++) {
      const start = c * size + y * width;
      for (const { from, to } of across) {
        let sum = 0;
        for (let i = start + from; i < start + to; i++) sum += map.data[i];
        sums[at++] = sum / (to - from);
      }
    }
    for (let y = 0, at = c; y < height; y++) {
      const { from, to } = down[y];
      for (let x = 0; x < width; x++, at += channels) {
        let sum = 0;
        for (let i = from * width + x; i < to * width; i += width) sum += sums[i];
        rows[at] = sum / (to - from);
      }
    }
  }
  return rows;
}

/** For each of some places in a row the places around it, the last one excluded. */
function windows(count: number, neighborhood: number): { from: number; to: number }[] {
  const reach = (neighborhood - 1) / 2;
  return Array.from({ length: count }, (_, i) => ({
    from: Math.max(0, i - reach),
    to: Math.min(count, i + reach + 1),
  }));
}
