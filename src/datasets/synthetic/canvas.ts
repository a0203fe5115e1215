import type { Image } from "../../core/image.js";
import type { Random } from "../../core/random.js";
import type { Color } from "./plan.js";

/** A colored light field that shapes are painted on; positions are units of 1/64 of the side. */
export class Canvas {
  readonly #light: Float64Array;

  /** @param size - side in pixels */
  constructor(readonly size: number) {
    this.#light = new Float64Array(size * size * 3);
  }

  /** Side of a pixel in units. */
  get pixel(): number {
    return 64 / this.size;
  }

  /**
   * Paints pixel by pixel within a box.
   *
   * @param box - left, top, right and bottom in units; what lies outside of the picture is left out
   * @param shade - for the middle of a pixel the opacity, 0 to 1; it may set `color` before
   * @param color - red, green and blue, 0 to 255, read after each call of `shade`
   */
  paint(
    box: readonly [number, number, number, number],
    color: [number, number, number] | Color,
    shade: (x: number, y: number) => number,
  ): void {
    const light = this.#light;
    const pixel = this.pixel;
    const pixels = (units: number) => Math.min(this.size, Math.max(0, Math.ceil(units / pixel)));
    const [left, top, right, bottom] = [
      pixels(box[0] - pixel),
      pixels(box[1] - pixel),
      pixels(box[2]),
      pixels(box[3]),
    ];
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const opacity = shade((column + 0.5) * pixel, (row + 0.5) * pixel);
        if (opacity <= 0) continue;
        const at = (row * this.size + column) * 3;
        for (let c = 0; c < 3; c++) light[at + c] += (color[c] - light[at + c]) * opacity;
      }
    }
  }

  /**
   * The picture as a camera records it.
   *
   * @param random - draws the noise of each pixel
   * @param noise - standard deviation of the noise in grey levels
   * @returns RGB image
   */
  develop(random: Random, noise: number): Image {
    const data = new Uint8ClampedArray(this.#light.length);
    for (let i = 0; i < data.length; i++) data[i] = Math.round(this.#light[i] + noise * random.normal());
    return { width: this.size, height: this.size, channels: 3, data: new Uint8Array(data.buffer) };
  }
}
