import type { Image } from "../../src/core/image.js";
import { Random } from "../../src/core/random.js";
import { ImageSet } from "../../src/datasets/index.js";

/**
 * Images of 20 x 20 pixels of two classes: a square on a dark or a light ground, in places and colours drawn by chance.
 *
 * @param count - how many
 * @returns the images, classes in turn
 */
export function drawnImages(count: number): ImageSet {
  const random = new Random(11);
  const images = Array.from({ length: count }, (_, i): Image => {
    const ground = (i % 2 === 0 ? 20 : 150) + random.integer(60);
    const [left, top, side] = [random.integer(10), random.integer(10), 4 + random.integer(6)];
    const color = [0, 1, 2].map(() => random.integer(256));
    const data = new Uint8Array(20 * 20 * 3);
    for (let p = 0; p < 400; p++) {
      const [x, y] = [(p % 20) - left, Math.floor(p / 20) - top];
      const inside = x >= 0 && x < side && y >= 0 && y < side;
      for (let c = 0; c < 3; c++) data[3 * p + c] = (inside ? color[c] : ground) * 0.9 + random.integer(20);
    }
    return { width: 20, height: 20, channels: 3, data };
  });
  return ImageSet.fromImages("drawn", images, {
    ids: images.map((_, i) => `image ${i}`),
    labels: images.map((_, i) => i % 2),
    classNames: ["dark", "light"],
  });
}
