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
  const reach = (neighborhood - 1) / 2;
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height - 1, y + reach)];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - reach), Math.min(width - 1, x + reach)];
      const share = 1 / ((bottom - top + 1) * (right - left + 1));
      const at = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let row = top; row <= bottom; row++) {
          const start = c * size + row * width;
          for (let i = start + left; i <= start + right; i++) sum += map.data[i];
        }
        rows[at + c] = sum * share;
      }
    }
  }
  return rows;
}
