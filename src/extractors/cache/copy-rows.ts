import { DataError } from "../../core/errors.js";
import { checkInterrupted } from "../../core/progress.js";
import { type Asked, positions } from "./asked.js";
import { complete } from "./complete.js";
import type { CacheEntry } from "./entry.js";

/** What is damaged or gone when it is read is computed again so many times, less one. */
const mostAttempts = 3;

/**
 * Reads each chunk once, and puts its rows to the positions among the good images. What is found damaged, or has gone meanwhile, is computed again.
 *
 * @param entry - the extractor's entry
 * @param asked - what is asked for
 * @param good - positions of the images that could be read, rising
 * @param put - receives rows and the position of the first of them among the good images
 * @throws DataError when features are damaged or gone again and again
 * @throws Aborted when interrupted
 */
export async function copyRows(
  entry: CacheEntry,
  asked: Asked,
  good: Int32Array,
  put: (position: number, rows: Float32Array) => void | Promise<void>,
): Promise<void> {
  const { dimensions } = asked.maker;
  let left = positions(good.length);
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt === mostAttempts) {
      throw new DataError(
        `features in ${entry.folder} must stay as they were written until they are read; those of ${left.length} images were damaged or gone ${attempt} times: look at the disk, and leave images and cache as they are meanwhile`,
      );
    }
    let places = await entry.places();
    const placeOf = (position: number) => places.of(asked.keys, good[position]);
    if (!left.every(placeOf)) {
      await complete(entry, asked, places);
      places = await entry.places();
    }
    const lost = left.filter((position) => !placeOf(position));
    const found = left.filter(placeOf);
    const chunkOf = Int32Array.from(found, (position) => placeOf(position)?.chunk ?? -1);
    const order = positions(found.length).sort((a, b) => chunkOf[a] - chunkOf[b] || a - b);
    const damaged: number[] = [];
    for (let from = 0; from < order.length; ) {
      checkInterrupted(asked.options.signal);
      const chunk = chunkOf[order[from]];
      const rows = await entry.rows(places.chunks[chunk]);
      for (; from < order.length && chunkOf[order[from]] === chunk; from++) {
        const position = found[order[from]];
        const row = placeOf(position)?.row ?? 0;
        if (rows) await put(position, rows.subarray(row * dimensions, (row + 1) * dimensions));
        else damaged.push(position);
      }
    }
    left = Int32Array.from([...lost, ...damaged]);
  }
}
