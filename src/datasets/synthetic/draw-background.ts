import type { Random } from "../../core/random.js";
import type { Canvas } from "./canvas.js";
import type { CellPlan, Color } from "./plan.js";
import { coverage, type Ellipse, ellipse, lengthOf, Noise, type Point, polar } from "./shapes.js";
import type { Stain } from "./stain.js";

/** Color of what surrounds the cells. */
export const plasma: Color = [240, 231, 233];
const redCell: Color = [226, 164, 156];
const redCellRim: Color = [212, 140, 136];
const redCellPallor: Color = [242, 218, 212];
const platelet: Color = [166, 128, 186];
const whole = [0, 0, 64, 64] as const;

/**
 * Paints what surrounds the cell: plasma, red blood cells and platelets.
 *
 * @param canvas - what is painted on
 * @param cell - the cell, which the red ones mostly keep away from
 * @param stain - colors of the slide
 * @param softness - width of edges in units
 * @param random - draws everything
 */
export function drawBackground(
  canvas: Canvas,
  cell: CellPlan,
  stain: Stain,
  softness: number,
  random: Random,
): void {
  const cloud = new Noise(random, 5);
  const slope = polar({ x: 0, y: 0 }, random.between(0, 2 * Math.PI), random.between(0, 0.22));
  const base = stain.of(plasma);
  const color: [number, number, number] = [0, 0, 0];
  canvas.paint(whole, color, (x, y) => {
    const shade = slope.x * (x - 32) + slope.y * (y - 32) + 2.5 * cloud.at(x, y);
    for (let c = 0; c < 3; c++) color[c] = base[c] + shade;
    return 1;
  });
  const redCells = 2 + random.integer(7);
  for (let i = 0; i < redCells; i++) drawRedCell(canvas, cell, stain, softness, random);
  const platelets = random.integer(4);
  for (let i = 0; i < platelets; i++) {
    const at = aside(cell, random, 2);
    const grain = {
      ...at,
      rx: random.between(1, 1.8),
      ry: random.between(0.9, 1.4),
      angle: random.between(0, 3),
    };
    fill(canvas, grain, stain.of(platelet), softness * 1.4, 0.7);
  }
}

function drawRedCell(canvas: Canvas, cell: CellPlan, stain: Stain, softness: number, random: Random): void {
  const radius = random.between(6.8, 9.4);
  const at = aside(cell, random, radius);
  const outline = { ...at, rx: radius * random.between(0.94, 1.06), ry: radius, angle: random.between(0, 3) };
  const [body, rim, pallor] = [stain.of(redCell), stain.of(redCellRim), stain.of(redCellPallor)];
  const depth = random.between(0.45, 1);
  const color: [number, number, number] = [0, 0, 0];
  const edge = ellipse(outline);
  canvas.paint(boxOf(outline, softness), color, (x, y) => {
    const distance = edge(x, y);
    const toRim = coverage(Math.abs(distance + 1.1) - 0.6, 2.4);
    const toMiddle = coverage(distance + radius * 0.5, radius * 0.7) * depth;
    for (let c = 0; c < 3; c++)
      color[c] = body[c] + (rim[c] - body[c]) * toRim + (pallor[c] - body[c]) * toMiddle;
    return 0.93 * coverage(distance, softness);
  });
}

/** A place outside of the cell, so that a disc there overlaps it by little. */
function aside(cell: CellPlan, random: Random, radius: number): Point {
  let place = { x: 0, y: 0 };
  for (let attempt = 0; attempt < 30; attempt++) {
    place = { x: random.between(-5, 69), y: random.between(-5, 69) };
    const gap = lengthOf(place.x - cell.center.x, place.y - cell.center.y) - cell.radius - radius;
    if (gap > -2.5) return place;
  }
  return polar(cell.center, random.between(0, 2 * Math.PI), cell.radius + radius);
}

/**
 * Paints an ellipse of one color.
 *
 * @param canvas - what is painted on
 * @param shape - the ellipse
 * @param color - its color
 * @param softness - width of its edge in units
 * @param opacity - 0 to 1
 */
export function fill(canvas: Canvas, shape: Ellipse, color: Color, softness: number, opacity: number): void {
  const edge = ellipse(shape);
  canvas.paint(boxOf(shape, softness), color, (x, y) => opacity * coverage(edge(x, y), softness));
}

function boxOf(shape: Ellipse, margin: number): [number, number, number, number] {
  const reach = Math.max(shape.rx, shape.ry) + margin;
  return [shape.x - reach, shape.y - reach, shape.x + reach, shape.y + reach];
}
