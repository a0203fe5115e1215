/** Viridis (van der Walt and Smith 2015): even steps of lightness, the same order for every kind of color vision. */
const anchors = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [109, 205, 89],
  [180, 222, 44],
  [253, 231, 37],
] as const;

const last = anchors.length - 1;

/** The colors as a plotly color scale. */
export const heatScale: readonly (readonly [number, string])[] = anchors.map((rgb, i) => [
  i / last,
  `rgb(${rgb.join(", ")})`,
]);

/**
 * @param share - place on the scale, 0 to 1; what is beyond gets the color of the end
 * @returns red, green and blue, 0 to 255
 */
export function heatColor(share: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * last;
  const low = Math.min(last - 1, Math.floor(at));
  return [0, 1, 2].map((c) => {
    const from = anchors[low][c];
    return from + (anchors[low + 1][c] - from) * (at - low);
  }) as [number, number, number];
}
