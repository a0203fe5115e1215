import type { Random } from "../../core/random.js";
import type { Canvas } from "./canvas.js";
import { fill } from "./draw-background.js";
import type { CellPlan, Color, Granules } from "./plan.js";
import {
  capsule,
  coverage,
  type Distance,
  ellipse,
  lengthOf,
  Noise,
  type Point,
  polar,
  smoothUnion,
} from "./shapes.js";
import type { Stain } from "./stain.js";

const hole: Color = [244, 238, 240];

/**
 * Paints a white blood cell.
 *
 * @param canvas - what is painted on
 * @param cell - its plan
 * @param stain - colors of the slide
 * @param softness - width of edges in units
 * @param random - draws outline, texture and places of grains
 */
export function drawCell(
  canvas: Canvas,
  cell: CellPlan,
  stain: Stain,
  softness: number,
  random: Random,
): void {
  const inCell = outline(cell, random);
  const inNucleus = nucleus(cell, random);
  const reach = cell.radius * 1.9 + 6;
  const box = [
    cell.center.x - reach,
    cell.center.y - reach,
    cell.center.x + reach,
    cell.center.y + reach,
  ] as const;
  drawCytoplasm(canvas, box, inCell, stain.of(cell.cytoplasm), softness, new Noise(random, 14));
  const layer = (over: boolean) => cell.granules.filter((granules) => granules.overNucleus === over);
  for (const granules of layer(false))
    drawGranules(canvas, cell, granules, inCell, inNucleus, stain, softness, random);
  drawNucleus(canvas, box, cell, inNucleus, stain, softness, random);
  for (const granules of layer(true))
    drawGranules(canvas, cell, granules, inCell, inNucleus, stain, softness, random);
  for (const vacuole of cell.vacuoles) {
    fill(
      canvas,
      { ...vacuole, rx: vacuole.rx + 0.7, ry: vacuole.ry + 0.7 },
      darker(stain.of(cell.cytoplasm)),
      softness,
      0.5,
    );
    fill(canvas, vacuole, stain.of(hole), softness, 0.92);
  }
}

/** The cell's outline, spilt cytoplasm included. */
function outline(cell: CellPlan, random: Random): Distance {
  const [strays, frays] = [new Noise(random, 6), new Noise(random, 16)];
  const { center, radius, irregularity } = cell;
  const drops = cell.spill.map(ellipse);
  const fray = drops.length > 0 ? 1.1 : 0;
  return (x, y) => {
    const stray = irregularity * strays.at(x, y) + fray * frays.at(x, y);
    let distance = lengthOf(x - center.x, y - center.y) - radius + stray;
    for (const drop of drops) distance = smoothUnion(distance, drop(x, y) + stray, 1.6);
    return distance;
  };
}

/** The nucleus: its lobes, each joined to the next. */
function nucleus(cell: CellPlan, random: Random): Distance {
  const [strays, frays] = [new Noise(random, 8), new Noise(random, 18)];
  const { lobes, bridge } = cell;
  const parts = lobes.map(ellipse);
  const bridges = bridge > 0 ? lobes.slice(1).map((lobe, i) => capsule(lobes[i], lobe, bridge)) : [];
  return (x, y) => {
    let distance = Number.POSITIVE_INFINITY;
    for (const part of parts) distance = smoothUnion(distance, part(x, y), 2);
    for (const part of bridges) distance = smoothUnion(distance, part(x, y), 1);
    return distance + 1.1 * strays.at(x, y) + 0.35 * frays.at(x, y);
  };
}

function drawCytoplasm(
  canvas: Canvas,
  box: readonly [number, number, number, number],
  inCell: Distance,
  base: Color,
  softness: number,
  texture: Noise,
): void {
  const membrane = darker(base);
  const color: [number, number, number] = [0, 0, 0];
  canvas.paint(box, color, (x, y) => {
    const distance = inCell(x, y);
    const opacity = coverage(distance, softness);
    if (opacity <= 0) return 0;
    const rim = 0.6 * coverage(Math.abs(distance + 0.7) - 0.3, 1.9);
    const mottle = 9 * texture.at(x, y);
    for (let c = 0; c < 3; c++) color[c] = base[c] + mottle + (membrane[c] - base[c]) * rim;
    return opacity * 0.97;
  });
}

function drawNucleus(
  canvas: Canvas,
  box: readonly [number, number, number, number],
  cell: CellPlan,
  inNucleus: Distance,
  stain: Stain,
  softness: number,
  random: Random,
): void {
  const [coarse, fine] = [new Noise(random, 18), new Noise(random, 34)];
  const base = stain.of(cell.nucleus);
  const color: [number, number, number] = [0, 0, 0];
  canvas.paint(box, color, (x, y) => {
    const distance = inNucleus(x, y);
    const opacity = coverage(distance, softness);
    if (opacity <= 0) return 0;
    const clump = cell.chromatin * (0.65 * coarse.at(x, y) + 0.35 * fine.at(x, y));
    const rim = 0.16 * coverage(Math.abs(distance + 0.8) - 0.3, 1.8);
    for (let c = 0; c < 3; c++) color[c] = base[c] * (1 - rim) + clump * (c === 1 ? 38 : 46);
    return opacity * 0.97;
  });
}

function drawGranules(
  canvas: Canvas,
  cell: CellPlan,
  granules: Granules,
  inCell: Distance,
  inNucleus: Distance,
  stain: Stain,
  softness: number,
  random: Random,
): void {
  const base = stain.of(granules.color);
  for (let i = 0; i < granules.count; i++) {
    const at = placeInside(cell, inCell, granules.overNucleus ? () => 1 : inNucleus, granules.radius, random);
    const shade = random.between(-14, 14);
    const radius = granules.radius * random.between(0.75, 1.25);
    const grain = { ...at, rx: radius, ry: radius, angle: 0 };
    fill(canvas, grain, [base[0] + shade, base[1] + shade, base[2] + shade], softness, granules.opacity);
  }
}

function placeInside(
  cell: CellPlan,
  inCell: Distance,
  inNucleus: Distance,
  margin: number,
  random: Random,
): Point {
  let at: Point = cell.center;
  for (let attempt = 0; attempt < 20; attempt++) {
    at = polar(cell.center, random.between(0, 2 * Math.PI), cell.radius * Math.sqrt(random.uniform()));
    if (inCell(at.x, at.y) < -margin && inNucleus(at.x, at.y) > margin * 0.3) return at;
  }
  return at;
}

function darker(color: Color): Color {
  return [color[0] * 0.78, color[1] * 0.74, color[2] * 0.84];
}
