import type { Random } from "../../core/random.js";
import type { Color } from "./plan.js";

/** How a slide was stained and lit: turns the colors of a plan into those of one picture. */
export class Stain {
  readonly #light: Color;
  readonly #strength: Color;

  /** @param random - draws brightness, warmth and strength */
  constructor(random: Random) {
    const brightness = random.between(0.9, 1.03);
    const warmth = random.between(-0.03, 0.045);
    this.#light = [brightness + warmth, brightness, brightness - warmth * 1.4];
    const strength = random.between(0.74, 1.25);
    this.#strength = [
      strength * random.between(0.92, 1.08),
      strength * random.between(0.94, 1.06),
      strength * random.between(0.88, 1.12),
    ];
  }

  /**
   * @param color - color of the plan
   * @returns its color on this slide: a thicker stain absorbs more (Beer and Lambert)
   */
  of(color: Color): Color {
    return color.map(
      (value, c) => 255 * (value / 255) ** this.#strength[c] * this.#light[c],
    ) as unknown as Color;
  }
}
