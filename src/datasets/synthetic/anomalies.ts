import type { Random } from "../../core/random.js";
import type { CellPlan, Color } from "./plan.js";
import { type Ellipse, polar } from "./shapes.js";

/** A kind of anomaly. */
export interface Anomaly {
  /** The normal kinds it befalls; undefined = all. */
  readonly befalls?: readonly string[];
  /** Changes the plan of a normal cell, sometimes slightly, sometimes strongly. */
  readonly change: (cell: CellPlan, random: Random) => CellPlan;
}

const darkGrain: Color = [46, 26, 88];

/** The kinds of anomalies by name. */
export const anomalies: Readonly<Record<string, Anomaly>> = {
  "giant cell": {
    change: (cell, random) =>
      scaled(cell, Math.max(random.between(22.5, 28), cell.radius * 1.2) / cell.radius),
  },
  "burst membrane": {
    change: (cell, random) => {
      const direction = random.between(0, 2 * Math.PI);
      const spill = Array.from({ length: 3 + random.integer(5) }, (_, i) => {
        const at = polar(cell.center, direction + random.between(-0.7, 0.7), cell.radius * (0.9 + 0.14 * i));
        return disc(at, random.between(1.8, 4.8) * (1 - 0.07 * i));
      });
      return { ...cell, spill, irregularity: cell.irregularity * 2 };
    },
  },
  "dark granules": {
    change: (cell, random) => {
      const count = 5 + random.integer(26);
      const dark = {
        count,
        radius: random.between(0.95, 1.35),
        color: darkGrain,
        opacity: 0.85,
        overNucleus: true,
      };
      return { ...cell, granules: [...cell.granules, dark] };
    },
  },
  vacuoles: {
    change: (cell, random) => {
      const vacuoles = Array.from({ length: 2 + random.integer(5) }, () => {
        const at = polar(
          cell.center,
          random.between(0, 2 * Math.PI),
          cell.radius * random.between(0.3, 0.85),
        );
        return disc(at, random.between(1.3, 3.1));
      });
      return { ...cell, vacuoles };
    },
  },
  "double nucleus": {
    befalls: ["round nucleus", "kidney nucleus"],
    change: (cell, random) => {
      const direction = random.between(0, 2 * Math.PI);
      const lobes = [-1, 1].map((side) => {
        const at = polar(cell.center, direction, side * cell.radius * random.between(0.42, 0.5));
        return disc(at, cell.radius * random.between(0.34, 0.42));
      });
      return { ...cell, lobes };
    },
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
