import type { Random } from "../../core/random.js";
import type { CellPlan, Color } from "./plan.js";
import { type Ellipse, polar } from "./shapes.js";

type Change = (cell: CellPlan, random: Random) => CellPlan;

const darkGrain: Color = [46, 26, 88];

/** The anomalies, each a change to the plan of a normal cell, sometimes slight, sometimes strong. */
export const anomalies: Readonly<Record<string, Change>> = {
  "giant cell": (cell, random) =>
    scaled(cell, Math.max(random.between(24, 29), cell.radius * 1.2) / cell.radius),
  "burst membrane": (cell, random) => {
    const direction = random.between(0, 2 * Math.PI);
    const spill = Array.from({ length: 4 + random.integer(4) }, (_, i) => {
      const at = polar(cell.center, direction + random.between(-0.7, 0.7), cell.radius * (0.9 + 0.14 * i));
      return disc(at, random.between(2.2, 5.2) * (1 - 0.07 * i));
    });
    return { ...cell, spill, irregularity: cell.irregularity * 2.2 };
  },
  "dark granules": (cell, random) => {
    const count = 10 + random.integer(32);
    const dark = { count, radius: 1.25, color: darkGrain, opacity: 0.9, overNucleus: true };
    return { ...cell, granules: [...cell.granules, dark] };
  },
  vacuoles: (cell, random) => {
    const vacuoles = Array.from({ length: 3 + random.integer(6) }, () => {
      const at = polar(cell.center, random.between(0, 2 * Math.PI), cell.radius * random.between(0.3, 0.85));
      return disc(at, random.between(1.4, 3.4));
    });
    return { ...cell, vacuoles };
  },
  "double nucleus": (cell, random) => {
    const direction = random.between(0, 2 * Math.PI);
    const lobes = [-1, 1].map((side) => {
      const radius = cell.radius * random.between(0.36, 0.42);
      return disc(polar(cell.center, direction, side * cell.radius * random.between(0.44, 0.5)), radius);
    });
    return { ...cell, lobes, bridge: 0 };
  },
};

function disc(at: { x: number; y: number }, radius: number): Ellipse {
  return { x: at.x, y: at.y, rx: radius, ry: radius, angle: 0 };
}

function scaled(cell: CellPlan, factor: number): CellPlan {
  const { x, y } = cell.center;
  const lobes = cell.lobes.map((lobe) => ({
    ...lobe,
    x: x + (lobe.x - x) * factor,
    y: y + (lobe.y - y) * factor,
    rx: lobe.rx * factor,
    ry: lobe.ry * factor,
  }));
  const granules = cell.granules.map((layer) => ({
    ...layer,
    count: Math.round(layer.count * factor * factor),
  }));
  return { ...cell, radius: cell.radius * factor, lobes, bridge: cell.bridge * factor, granules };
}
