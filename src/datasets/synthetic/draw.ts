import type { Image } from "../../core/image.js";
import { Random } from "../../core/random.js";
import { anomalies } from "./anomalies.js";
import { Canvas } from "./canvas.js";
import { drawBackground } from "./draw-background.js";
import { drawCell } from "./draw-cell.js";
import { normalCells } from "./normal-cells.js";
import { Stain } from "./stain.js";

/** The normal kinds of the synthetic pictures. */
export const normalKinds: readonly string[] = Object.keys(normalCells);

/** The kinds that occur as anomalies only. */
export const anomalyKinds: readonly string[] = Object.keys(anomalies);

/**
 * Draws one picture of a stained white blood cell as under a microscope.
 *
 * @param kind - one of `normalKinds` or `anomalyKinds`; an anomaly is a change to a cell of a random normal kind
 * @param key - seed of everything that varies, such as "0/train/3"
 * @param size - side in pixels
 * @returns RGB image, size x size; the same for the same arguments
 */
export function drawPicture(kind: string, key: string, size: number): Image {
  const random = new Random(`cell/${kind}/${key}`);
  const anomaly = Object.hasOwn(anomalies, kind) ? anomalies[kind] : undefined;
  const bases = anomaly ? (anomaly.befalls ?? normalKinds) : [kind];
  const normal = normalCells[bases[random.integer(bases.length)]](random.fork("normal"));
  const cell = anomaly?.change(normal, random.fork("anomaly")) ?? normal;
  const canvas = new Canvas(size);
  const stain = new Stain(random.fork("stain"));
  const softness = Math.max(random.between(0.9, 2.1), canvas.pixel);
  drawBackground(canvas, cell, stain, softness, random.fork("background"));
  drawCell(canvas, cell, stain, softness, random.fork("cell"));
  return canvas.develop(random.fork("camera"), 1.6);
}
