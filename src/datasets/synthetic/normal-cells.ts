import type { Random } from "../../core/random.js";
import type { CellPlan, Color } from "./plan.js";
import { type Ellipse, type Point, polar } from "./shapes.js";

type Planner = (random: Random) => CellPlan;

const purple: Color = [92, 52, 138];

/** The normal kinds of cells, each a recipe for a random member. */
export const normalCells: Readonly<Record<string, Planner>> = {
  "round nucleus": (random) => {
    const { center, radius } = place(random, 14.6, 1.1);
    const axis = radius * random.between(0.72, 0.82);
    const nucleus = lobe(
      polar(center, angle(random), random.between(0, 1.6)),
      axis,
      axis * random.between(0.9, 1),
      random,
    );
    return {
      ...whole(center, radius),
      cytoplasm: [164, 192, 228],
      nucleus: [86, 48, 132],
      lobes: [nucleus],
      chromatin: 0.45,
    };
  },
  "kidney nucleus": (random) => {
    const { center, radius } = place(random, 20, 1.3);
    const bend = random.between(1.7, 2.3);
    const lobes = alongArc(center, angle(random), radius * 0.46, bend, 5).map((at) =>
      lobe(at, radius * random.between(0.36, 0.41), radius * 0.38, random),
    );
    const dust = {
      count: 26,
      radius: 0.55,
      color: [150, 120, 176] as Color,
      opacity: 0.35,
      overNucleus: false,
    };
    return {
      ...whole(center, radius),
      irregularity: 1.5,
      cytoplasm: [182, 186, 212],
      nucleus: [124, 88, 164],
      chromatin: 0.8,
      lobes,
      granules: [dust],
    };
  },
  "two lobes": (random) => {
    const { center, radius } = place(random, 17.4, 1.2);
    const direction = angle(random);
    const apart = radius * random.between(0.4, 0.48);
    const lobes = [-1, 1].map((side) =>
      lobe(
        polar(center, direction, side * apart),
        radius * random.between(0.32, 0.37),
        radius * 0.39,
        random,
        direction,
      ),
    );
    const orange = {
      count: 120,
      radius: 1.05,
      color: [224, 98, 52] as Color,
      opacity: 0.85,
      overNucleus: false,
    };
    return {
      ...whole(center, radius),
      cytoplasm: [242, 190, 168],
      nucleus: purple,
      lobes,
      bridge: 1,
      granules: [orange],
    };
  },
  "segmented nucleus": (random) => {
    const { center, radius } = place(random, 17.6, 1.2);
    const count = 3 + random.integer(3);
    const bend = random.between(3.2, 4.2) * (count === 3 ? 0.85 : 1);
    const lobes = alongArc(center, angle(random), radius * random.between(0.46, 0.54), bend, count).map(
      (at) => lobe(at, radius * random.between(0.2, 0.25) * (count === 3 ? 1.2 : 1), radius * 0.25, random),
    );
    const fine = {
      count: 80,
      radius: 0.6,
      color: [196, 134, 180] as Color,
      opacity: 0.5,
      overNucleus: false,
    };
    return {
      ...whole(center, radius),
      cytoplasm: [238, 206, 220],
      nucleus: [84, 44, 126],
      lobes,
      bridge: 0.9,
      granules: [fine],
    };
  },
};

function whole(center: Point, radius: number): Omit<CellPlan, "cytoplasm" | "nucleus" | "lobes"> {
  return {
    center,
    radius,
    irregularity: 1,
    chromatin: 0.5,
    bridge: 0,
    granules: [],
    vacuoles: [],
    spill: [],
  };
}

function place(random: Random, radius: number, spread: number): { center: Point; radius: number } {
  const center = { x: 32 + random.between(-3.5, 3.5), y: 32 + random.between(-3.5, 3.5) };
  return { center, radius: radius + random.between(-1, 1) * 1.6 * spread };
}

function angle(random: Random): number {
  return random.between(0, 2 * Math.PI);
}

function lobe(at: Point, rx: number, ry: number, random: Random, direction = angle(random)): Ellipse {
  return { x: at.x, y: at.y, rx, ry: ry * random.between(0.92, 1.08), angle: direction };
}

/** Points in a row on an arc around the center, which spans `bend` radians. */
function alongArc(center: Point, middle: number, distance: number, bend: number, count: number): Point[] {
  return Array.from({ length: count }, (_, i) =>
    polar(center, middle + bend * (i / (count - 1) - 0.5), distance),
  );
}
