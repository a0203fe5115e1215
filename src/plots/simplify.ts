/**
 * Leaves out points of a curve that lie within a distance of the line between the points kept (Ramer 1972, Douglas and
 * Peucker 1973).
 *
 * @param x - coordinates of the points along the curve
 * @param y - the other coordinates
 * @param tolerance - largest distance of a left-out point from the simplified curve
 * @returns positions of the points to keep, ascending, first and last included
 */
export function simplifyCurve(x: ArrayLike<number>, y: ArrayLike<number>, tolerance: number): number[] {
  const keep = new Uint8Array(x.length);
  const parts = [[0, x.length - 1]];
  for (let part = parts.pop(); part; part = parts.pop()) {
    const [from, to] = part;
    keep[from] = keep[to] = 1;
    let farthest = tolerance * tolerance;
    let split = -1;
    const [dx, dy] = [x[to] - x[from], y[to] - y[from]];
    const squared = dx * dx + dy * dy;
    for (let i = from + 1; i < to; i++) {
      const [px, py] = [x[i] - x[from], y[i] - y[from]];
      const along = squared > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / squared)) : 0;
      const apart = (px - along * dx) ** 2 + (py - along * dy) ** 2;
      if (apart > farthest) {
        farthest = apart;
        split = i;
      }
    }
    if (split >= 0) parts.push([from, split], [split, to]);
  }
  return Array.from(keep.keys()).filter((i) => keep[i]);
}
