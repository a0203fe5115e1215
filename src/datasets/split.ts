import type { Random } from "../core/random.js";

/** Which images train and which test: positions, ascending. */
export interface Split {
  /** Positions of the training images. */
  readonly train: number[];
  /** Positions of the test images. */
  readonly test: number[];
}

/**
 * Splits images class by class.
 *
 * Of n images of a class, floor(n * trainShare) train, but at least one.
 *
 * @param labels - class of each image, 0 or larger
 * @param trainShare - share of the training images, between 0 and 1
 * @param random - draws the training images of each class; without it the first ones in file order train
 * @returns the positions, ascending
 */
export function splitByClass(labels: ArrayLike<number>, trainShare: number, random?: Random): Split {
  const members = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const positions = members.get(labels[i]);
    if (positions) positions.push(i);
    else members.set(labels[i], [i]);
  }
  const trains = new Uint8Array(labels.length);
  for (const [label, positions] of members) {
    random?.fork(label).shuffle(positions);
    const count = Math.max(1, Math.floor(positions.length * trainShare + 1e-9));
    for (const position of positions.slice(0, count)) trains[position] = 1;
  }
  const split: Split = { train: [], test: [] };
  trains.forEach((isTrain, position) => {
    (isTrain ? split.train : split.test).push(position);
  });
  return split;
}
