import { simplifyCurve } from "../../../plots/simplify.js";

const mostPoints = 500;

/**
 * Leaves out what nobody can see of a rising staircase: points inside straight runs and, where more than 500 are left,
 * those near the line between the points kept, at first nearer than 1/1200 of the figure's side.
 *
 * @param x - from 0 to 1, rising
 * @param y - from 0 to 1, rising
 * @returns positions of the points to keep, ascending, at most 500
 */
export function visiblePoints(x: Float64Array, y: Float64Array): Int32Array {
  const corners = cornersOf(x, y);
  const [cornerX, cornerY] = [x, y].map((values) => Float64Array.from(corners, (i) => values[i]));
  let kept = corners;
  for (let tolerance = 1 / 1200; kept.length > mostPoints; tolerance *= 2) {
    kept = Int32Array.from(simplifyCurve(cornerX, cornerY, tolerance), (i) => corners[i]);
  }
  return kept;
}

function cornersOf(x: Float64Array, y: Float64Array): Int32Array {
  const kept = new Int32Array(x.length);
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    const inside = i > 0 && i < x.length - 1;
    const level = inside && y[i - 1] === y[i] && y[i] === y[i + 1];
    const steep = inside && x[i - 1] === x[i] && x[i] === x[i + 1];
    if (!level && !steep) kept[count++] = i;
  }
  return kept.slice(0, count);
}
