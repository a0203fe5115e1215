import type { Random } from "../../core/random.js";
import type { CellPlan, Color } from "./plan.js";
import { type Ellipse, type Point, polar } from "./shapes.js";

type Planner = (random: Random) => CellPlan;

/** The normal kinds of cells, each a recipe for a random member. */
export const normalCells: Readonly<Record<string, Planner>> = {
  "round nucleus": (random) => {
    const { center, radius } = place(random, 15.4, 2.6);
    const axis = radius * random.between(0.64, 0.82);
    const at = polar(center, angle(random), random.between(0, 2.2));
    return {
      ...whole(center, radius),
      cytoplasm: mixed(random, [164, 192, 228], [196, 196, 222], 0.7),
      nucleus: mixed(random, [84, 46, 132], [112, 76, 156], 0.6),
      lobes: [lobe(at, axis, axis * random.between(0.82, 1), random)],
      granules: [{ ...dust, count: random.integer(16) }],
    };
  },
  "kidney nucleus": (random) => {
    const { center, radius } = place(random, 19, 2.4);
    const lobes = alongArc(center, angle(random), radius * 0.46, random.between(1.2, 2.4), 5).map((at) =>
      lobe(at, radius * random.between(0.36, 0.42), radius * 0.39, random),
    );
    return {
      ...whole(center, radius),
      irregularity: 1.6,
      cytoplasm: mixed(random, [182, 186, 212], [204, 198, 216], 0.8),
      nucleus: mixed(random, [124, 88, 164], [94, 58, 144], 0.8),
      chromatin: 0.75,
      lobes,
      granules: [{ ...dust, count: 10 + random.integer(40) }],
    };
  },
  "two lobes": (random) => {
    const { center, radius } = place(random, 17.2, 2);
    const direction = angle(random);
    const apart = radius * random.between(0.36, 0.48);
    const lobes = [-1, 1].map((side) =>
      lobe(
        polar(center, direction, side * apart),
        radius * random.between(0.31, 0.37),
        radius * 0.39,
        random,
        direction,
      ),
    );
    const orange = {
      count: 50 + random.integer(90),
      radius: random.between(0.8, 1.1),
      color: mixed(random, [224, 98, 52], [222, 132, 112], 1),
      opacity: random.between(0.4, 0.9),
      overNucleus: false,
    };
    return {
      ...whole(center, radius),
      cytoplasm: mixed(random, [242, 192, 172], [240, 208, 212], 1),
      nucleus: mixed(random, [92, 52, 138], [108, 70, 152], 1),
      lobes,
      bridge: random.between(0.8, 1.5),
      granules: [orange],
    };
  },
  "segmented nucleus": (random) => {
    const { center, radius } = place(random, 17.4, 2);
    const count = 3 + random.integer(3);
    const bend = random.between(2.8, 4.2) * (count === 3 ? 0.85 : 1);
    const lobes = alongArc(center, angle(random), radius * random.between(0.44, 0.54), bend, count).map(
      (at) => lobe(at, radius * random.between(0.2, 0.26) * (count === 3 ? 1.2 : 1), radius * 0.25, random),
    );
    const fine = {
      count: 30 + random.integer(80),
      radius: random.between(0.5, 0.8),
      color: mixed(random, [196, 134, 180], [214, 140, 150], 1),
      opacity: random.between(0.3, 0.6),
      overNucleus: false,
    };
    return {
      ...whole(center, radius),
      cytoplasm: mixed(random, [238, 206, 220], [236, 202, 200], 1),
      nucleus: mixed(random, [84, 44, 126], [104, 66, 148], 1),
      lobes,
      bridge: random.between(0.7, 1.4),
      granules: [fine],
    };
  },
};

const dust = { radius: 0.55, color: [150, 120, 176] as Color, opacity: 0.35, overNucleus: false };

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
  const center = { x: 32 + random.between(-4.5, 4.5), y: 32 + random.between(-4.5, 4.5) };
  return { center, radius: radius + random.between(-spread, spread) };
}

/** A color between two, at most the share `most` of the way from the first. */
function mixed(random: Random, from: Color, to: Color, most: number): Color {
  const share = most * random.uniform();
  return [0, 1, 2].map((c) => from[c] + (to[c] - from[c]) * share) as unknown as Color;
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
