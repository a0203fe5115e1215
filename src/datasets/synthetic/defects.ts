import type { Random } from "../../core/random.js";
import { plasma } from "./draw-background.js";
import type { CellPlan, Color } from "./plan.js";
import { capsule, type Distance, ellipse, lengthOf, polar } from "./shapes.js";

/** A flaw in a picture. */
export interface Defect {
  /** Where it is painted. */
  readonly shape: Distance;
  /** Where what is painted differs from the picture without it. */
  readonly visible: Distance;
  /** Its color. */
  readonly color: Color;
  /** Opacity, 0 to 1. */
  readonly opacity: number;
}

/** The kinds of defects by name; each makes a random one on a cell's picture. */
export const defects: Readonly<Record<string, (cell: CellPlan, random: Random) => Defect>> = {
  scratch: (_cell, random) => {
    const middle = { x: random.between(14, 50), y: random.between(14, 50) };
    const direction = random.between(0, Math.PI);
    const half = random.between(7, 18);
    const ends = [-half, half].map((length) => polar(middle, direction, length));
    const shape = capsule(ends[0], ends[1], random.between(0.5, 1.1));
    return { shape, visible: shape, color: [70, 78, 84], opacity: random.between(0.6, 0.95) };
  },
  spot: (_cell, random) => {
    const radius = random.between(1.8, 4);
    const at = { x: random.between(8, 56), y: random.between(8, 56) };
    const outline = { ...at, rx: radius, ry: radius * random.between(0.7, 1), angle: random.between(0, 3) };
    const shape = ellipse(outline);
    return { shape, visible: shape, color: [66, 92, 58], opacity: random.between(0.6, 0.95) };
  },
  "missing part": (cell, random) => {
    const at = polar(cell.center, random.between(0, 2 * Math.PI), cell.radius * random.between(0.75, 1));
    const radius = cell.radius * random.between(0.45, 0.7);
    const shape: Distance = (x, y) => lengthOf(x - at.x, y - at.y) - radius;
    const inCell: Distance = (x, y) => lengthOf(x - cell.center.x, y - cell.center.y) - cell.radius;
    const visible: Distance = (x, y) => Math.max(shape(x, y), inCell(x, y));
    return { shape, visible, color: plasma, opacity: 1 };
  },
};
