import type { Random } from "../../core/random.js";

/** A point or an offset; the picture is 64 units wide and high, whatever its size in pixels. */
export interface Point {
  /** To the right. */
  readonly x: number;
  /** Downwards. */
  readonly y: number;
}

/** An ellipse. */
export interface Ellipse extends Point {
  /** Half the longer or shorter axis, along `angle`. */
  readonly rx: number;
  /** The other half axis. */
  readonly ry: number;
  /** Direction of `rx` in radians. */
  readonly angle: number;
}

/**
 * A point at an angle and distance from another.
 *
 * @param from - the other point
 * @param angle - direction in radians
 * @param distance - distance in units
 * @returns the point
 */
export function polar(from: Point, angle: number, distance: number): Point {
  return { x: from.x + Math.cos(angle) * distance, y: from.y + Math.sin(angle) * distance };
}

/**
 * @param x - horizontal offset
 * @param y - vertical offset
 * @returns their length, by operations that round alike on every machine
 */
export function lengthOf(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** A shape as the signed distance of a point from its outline in units, negative inside. */
export type Distance = (x: number, y: number) => number;

/**
 * An ellipse as a distance: exact for discs and near the outline, an approximation elsewhere.
 *
 * @param e - the ellipse
 * @returns its distance
 */
export function ellipse(e: Ellipse): Distance {
  if (e.rx === e.ry) return (x, y) => lengthOf(x - e.x, y - e.y) - e.rx;
  const cos = Math.cos(e.angle);
  const sin = Math.sin(e.angle);
  const [wx, wy] = [1 / e.rx, 1 / e.ry];
  return (px, py) => {
    const x = ((px - e.x) * cos + (py - e.y) * sin) * wx;
    const y = ((py - e.y) * cos - (px - e.x) * sin) * wy;
    const scaled = lengthOf(x, y);
    const slope = lengthOf(x * wx, y * wy);
    return slope < 1e-9 ? -Math.min(e.rx, e.ry) : (scaled * (scaled - 1)) / slope;
  };
}

/**
 * A line of some thickness with round ends as a distance.
 *
 * @param from - start of the line
 * @param to - its end
 * @param radius - half its thickness
 * @returns its distance
 */
export function capsule(from: Point, to: Point, radius: number): Distance {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const squared = Math.max(dx * dx + dy * dy, 1e-9);
  return (x, y) => {
    const t = Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / squared));
    return lengthOf(x - from.x - t * dx, y - from.y - t * dy) - radius;
  };
}

/**
 * The union of two shapes with their seam rounded.
 *
 * @param a - distance to one shape
 * @param b - distance to the other
 * @param rounding - width of the rounding in units
 * @returns distance to both together
 * @see Quilez, "Smooth minimum" (polynomial form)
 */
export function smoothUnion(a: number, b: number, rounding: number): number {
  const h = Math.max(rounding - Math.abs(a - b), 0) / rounding;
  return Math.min(a, b) - (h * h * rounding) / 4;
}

/**
 * How much of a pixel a shape covers.
 *
 * @param distance - signed distance to the shape
 * @param softness - width of the edge in units: the pixel's, or more when out of focus
 * @returns 0 outside to 1 inside
 */
export function coverage(distance: number, softness: number): number {
  const t = Math.min(1, Math.max(0, 0.5 - distance / softness));
  return t * t * (3 - 2 * t);
}

/** Smooth noise over the picture: random values on a grid, interpolated. */
export class Noise {
  readonly #values: Float64Array;
  readonly #cells: number;

  /**
   * @param random - draws the values
   * @param cells - grid cells across the 64 units; more give finer noise
   */
  constructor(random: Random, cells: number) {
    this.#cells = cells;
    this.#values = new Float64Array((cells + 1) * (cells + 1));
    for (let i = 0; i < this.#values.length; i++) this.#values[i] = random.between(-1, 1);
  }

  /**
   * @param x - position in units; beyond the picture the border's values go on
   * @param y - position in units
   * @returns a value from -1 to 1
   */
  at(x: number, y: number): number {
    const n = this.#cells;
    const v = this.#values;
    const gx = Math.min(n - 1e-6, Math.max(0, (x / 64) * n));
    const gy = Math.min(n - 1e-6, Math.max(0, (y / 64) * n));
    const column = Math.floor(gx);
    const row = Math.floor(gy);
    const tx = gx - column;
    const ty = gy - row;
    const sx = tx * tx * (3 - 2 * tx);
    const at = row * (n + 1) + column;
    const upper = v[at] + (v[at + 1] - v[at]) * sx;
    const lower = v[at + n + 1] + (v[at + n + 2] - v[at + n + 1]) * sx;
    return upper + (lower - upper) * ty * ty * (3 - 2 * ty);
  }
}
