import { Aborted } from "../../core/errors.js";
import { checkInterrupted } from "../../core/progress.js";
import { ImageSet } from "../../datasets/image-set.js";
import type { Extractor } from "../../extractors/index.js";
import { loadImage } from "../../images/index.js";

const most = 32;
const enoughMs = 1500;

/**
 * Measures how many images extractors take in a second, from decoded images to features, in turn on the same images.
 *
 * @param extractors - what to measure
 * @param images - up to 32 of them are used; files that cannot be read are passed over
 * @param signal - aborts between passes
 * @returns images per second of each
 */
export async function imagesPerSecond(
  extractors: readonly Extractor[],
  images: ImageSet,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const decoded = [];
  for (let i = 0; i < images.length && decoded.length < most; i++) {
    try {
      decoded.push(await loadImage(images.source(i)));
    } catch (error) {
      if (error instanceof Aborted) throw error;
    }
  }
  const set = ImageSet.fromImages("the images on which the speed is measured", decoded);
  const rates: number[] = [];
  for (const extractor of extractors) {
    await extractor.extract(set.first(8), { signal });
    const began = performance.now();
    let done = 0;
    while (performance.now() - began < enoughMs) {
      checkInterrupted(signal);
      await extractor.extract(set, { signal });
      done += set.length;
    }
    rates.push(done / ((performance.now() - began) / 1000));
  }
  return rates;
}
