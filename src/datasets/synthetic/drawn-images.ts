import { createHash } from "node:crypto";
import type { Image, Mask } from "../../core/image.js";
import { ProgressMeter } from "../../core/progress.js";
import type { ImageBacking, ImageSet } from "../image-set.js";

/** Drawn pictures are kept up to this size, so that extraction, figures and hash draw each once. */
const keptBytes = 32 * 2 ** 20;

/** A drawn picture, with the mask of its anomaly where there is one to tell. */
export interface Drawn {
  readonly image: Image;
  readonly mask?: Mask;
}

/**
 * Pictures that are drawn when they are needed.
 *
 * @param split - first part of every id
 * @param classNames - the kinds of pictures
 * @param counts - how many pictures of each kind
 * @param draw - draws the picture of a kind with a number
 * @returns the pictures; ids are "split/kind/number"
 */
export function drawnBacking(
  split: string,
  classNames: readonly string[],
  counts: readonly number[],
  draw: (kind: string, number: number) => Drawn,
): ImageBacking {
  const labels = Uint8Array.from(counts.flatMap((count, kind) => new Array<number>(count).fill(kind)));
  const starts = counts.map((_, kind) => labels.indexOf(kind));
  const numberOf = (i: number) => i - starts[labels[i]];
  const kept = new Map<number, Drawn>();
  const picture = (i: number): Drawn => {
    const known = kept.get(i);
    if (known) return known;
    const drawn = draw(classNames[labels[i]], numberOf(i));
    const bytes = drawn.image.data.length + (drawn.mask?.data.length ?? 0);
    if ((kept.size + 1) * bytes <= keptBytes) kept.set(i, drawn);
    return drawn;
  };
  return {
    classNames,
    labels,
    id: (i) => `${split}/${classNames[labels[i]]}/${numberOf(i)}`,
    source: (i) => ({ kind: "pixels", image: picture(i).image }),
    mask: (i) => picture(i).mask,
  };
}

/**
 * @param sets - drawn pictures
 * @returns sha256 of their ids and pixels, in hexadecimal
 */
export async function hashPixels(sets: readonly ImageSet[]): Promise<string> {
  const total = sets.reduce((sum, set) => sum + set.length, 0);
  const meter = new ProgressMeter("hashing pictures", total, "pictures");
  const hash = createHash("sha256");
  for (const set of sets) {
    for (let i = 0; i < set.length; i++) {
      const source = set.source(i);
      hash.update(`${set.ids[i]}\n`);
      if (source.kind === "pixels") hash.update(source.image.data);
      await meter.add(1);
    }
  }
  meter.close();
  return hash.digest("hex");
}
