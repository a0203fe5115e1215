import type { Image, Mask } from "../../core/image.js";
import { Random } from "../../core/random.js";
import { anomalies } from "./anomalies.js";
import { Canvas } from "./canvas.js";
import { defects } from "./defects.js";
import { drawBackground } from "./draw-background.js";
import { drawCell } from "./draw-cell.js";
import { normalCells } from "./normal-cells.js";
import type { CellPlan } from "./plan.js";
import { coverage } from "./shapes.js";
import { Stain } from "./stain.js";

/** The normal kinds of the synthetic pictures. */
export const normalKinds: readonly string[] = Object.keys(normalCells);

/** The kinds that occur as anomalies only. */
export const anomalyKinds: readonly string[] = Object.keys(anomalies);

/** The kinds of defects. */
export const defectKinds: readonly string[] = Object.keys(defects);

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
  return exposed(cell, size, random).develop(random.fork("camera"), 1.6);
}

/** A picture and where its defect lies. */
export interface FlawedPicture {
  /** RGB image, size x size. */
  readonly image: Image;
  /** Where it is flawed; all 0 without a defect. */
  readonly mask: Mask;
}

/**
 * Draws a cell of a random normal kind with or without a defect; the picture beneath depends on the key alone.
 *
 * @param key - seed of everything that varies
 * @param size - side in pixels
 * @param kind - one of `defectKinds`; undefined draws none
 * @returns the picture and the mask of its defect
 */
export function drawFlawed(key: string, size: number, kind?: string): FlawedPicture {
  const random = new Random(`flawed/${key}`);
  const cell = normalCells[normalKinds[random.integer(normalKinds.length)]](random.fork("normal"));
  const mask = { width: size, height: size, data: new Uint8Array(size * size) };
  const paint = (canvas: Canvas, stain: Stain, softness: number) => {
    if (kind === undefined) return;
    const { shape, visible, color, opacity } = defects[kind](cell, random.fork("defect"));
    canvas.paint(wholePicture, stain.of(color), (x, y) => opacity * coverage(shape(x, y), softness));
    for (let i = 0; i < mask.data.length; i++) {
      const [x, y] = [(i % size) + 0.5, Math.floor(i / size) + 0.5];
      mask.data[i] = visible(x * canvas.pixel, y * canvas.pixel) <= 0 ? 1 : 0;
    }
  };
  return { image: exposed(cell, size, random, paint).develop(random.fork("camera"), 1.6), mask };
}

const wholePicture = [0, 0, 64, 64] as const;

function exposed(
  cell: CellPlan,
  size: number,
  random: Random,
  paint: (canvas: Canvas, stain: Stain, softness: number) => void = () => {},
): Canvas {
  const canvas = new Canvas(size);
  const stain = new Stain(random.fork("stain"));
  const softness = Math.max(random.between(0.9, 2.1), canvas.pixel);
  drawBackground(canvas, cell, stain, softness, random.fork("background"));
  drawCell(canvas, cell, stain, softness, random.fork("cell"));
  paint(canvas, stain, softness);
  return canvas;
}
