import type { Image } from "../../core/image.js";
import { Random } from "../../core/random.js";
import type { AnnotatedObject } from "../voc/annotation.js";
import { drawPicture } from "./draw.js";

/** Size of a scene in pixels. */
const [sceneWidth, sceneHeight] = [450, 330];

/** What a scene shows. */
export interface Scene {
  /** The picture, RGB, 450 x 330 pixels. */
  readonly image: Image;
  /** Its objects and where an annotator has drawn their boxes. */
  readonly objects: readonly AnnotatedObject[];
}

/**
 * Draws a scene with several stained cells, as a microscope's field of view shows them, and their boxes.
 *
 * @param kinds - kinds of the cells, at most 4, left to right and top to bottom
 * @param key - seed of everything that varies
 * @returns the picture and its objects; boxes of whole cells have 124 pixels or more in each axis, small cells fewer
 */
export function drawScene(kinds: readonly (string | "small cell")[], key: string): Scene {
  const random = new Random(`scene/${key}`);
  const data = new Float64Array(sceneWidth * sceneHeight * 3);
  const base = [243, 235, 237].map((value) => value + random.between(-3, 3));
  for (let i = 0; i < data.length; i++) data[i] = base[i % 3] + 1.6 * random.normal();
  const objects = kinds.map((kind, i) => {
    const isSmall = kind === "small cell";
    const side = isSmall ? 48 + random.integer(50) : 124 + random.integer(26);
    const room = { x: sceneWidth / 2 - side, y: sceneHeight / 2 - side };
    const left = Math.round(((i % 2) * sceneWidth) / 2 + random.uniform() * room.x);
    const top = Math.round((Math.floor(i / 2) * sceneHeight) / 2 + random.uniform() * room.y);
    lay(data, drawPicture(isSmall ? "round nucleus" : kind, `scene/${key}/${i}`, side), left, top);
    return { name: kind, box: { left, top, right: left + side, bottom: top + side } };
  });
  const rounded = new Uint8ClampedArray(data);
  const image: Image = {
    width: sceneWidth,
    height: sceneHeight,
    channels: 3,
    data: new Uint8Array(rounded.buffer),
  };
  return { image, objects };
}

/** Lays a cell into the scene, its surroundings fading out towards the edges. */
function lay(scene: Float64Array, cell: Image, left: number, top: number): void {
  const side = cell.width;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const away = Math.hypot(row + 0.5 - side / 2, column + 0.5 - side / 2) / side;
      const opacity = Math.min(1, Math.max(0, (0.52 - away) / 0.08));
      const at = ((top + row) * sceneWidth + left + column) * 3;
      const from = (row * side + column) * 3;
      for (let c = 0; c < 3; c++) scene[at + c] += (cell.data[from + c] - scene[at + c]) * opacity;
    }
  }
}
