import { Random } from "../../src/core/random.js";
import { ImageSet } from "../../src/datasets/index.js";
import { Features } from "../../src/extractors/index.js";

const pixel = { width: 1, height: 1, channels: 1, data: Uint8Array.of(0) } as const;

/** Features on a line or in a plane, with classes. */
export function labelledPoints(
  name: string,
  points: readonly (readonly number[])[],
  labels: readonly number[],
  classNames: readonly string[],
): Features {
  const ids = points.map((_, i) => `${name} ${i}`);
  const images = ImageSet.fromImages(
    name,
    points.map(() => pixel),
    { ids, labels, classNames },
  );
  return Features.fromRows(points, { images, extractor: "points" });
}

/** Overlapping clouds in four dimensions, one a class, shuffled. */
export function clouds(
  name: string,
  perClass: number,
  classNames: readonly string[],
  seed: number,
): Features {
  const random = new Random(seed);
  const labels = random.shuffle(
    Array.from({ length: perClass * classNames.length }, (_, i) => i % classNames.length),
  );
  const points = labels.map((label) => [0, 1, 2, 3].map((j) => random.normal() + (label === j ? 2.2 : 0)));
  return labelledPoints(name, points, labels, classNames);
}
