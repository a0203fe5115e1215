import type { DataSet, ImageSet } from "../datasets/index.js";
import { printBadImage } from "../extractors/extract-options.js";
import {
  type BadImage,
  type Extractor,
  type Features,
  loadExtractor,
  type Provenance,
} from "../extractors/index.js";
import type { RunOptions } from "./run-options.js";
import type { Stopwatch } from "./stopwatch.js";

/** Features of a data set and where they come from. */
export interface ExtractedSet {
  /** Features of the training images. */
  readonly train: Features;
  /** Features of the test images. */
  readonly test: Features;
  /** Images that could not be read. */
  readonly unreadable: number;
  /** Where the features come from. */
  readonly provenance: Provenance;
}

/**
 * Extracts the features of a data set, or takes them from the cache.
 *
 * @param dataset - the images
 * @param options - extractor, layer, input size, engine, batch size, cache, what to do with bad images, abort signal
 * @param stopwatch - takes the time
 * @returns the features
 */
export async function extractFeatures(
  dataset: DataSet,
  options: RunOptions,
  stopwatch: Stopwatch,
): Promise<ExtractedSet> {
  const { batchSize, signal, cache = true } = options;
  const extractor = await stopwatch.time("loadNetwork", () => extractorOf(options));
  try {
    const bad: BadImage[] = [];
    const onBadImage = (one: BadImage) => void bad.push(one);
    const take = (images: ImageSet) => extractor.extract(images, { batchSize, cache, signal, onBadImage });
    const train = await stopwatch.time("extractTrain", () => take(dataset.train));
    const test = await stopwatch.time("extractTest", () => take(dataset.test));
    for (const one of bad) (options.onBadImage ?? printBadImage)(one);
    return { train, test, unreadable: bad.length, provenance: extractor.provenance };
  } finally {
    extractor.dispose();
  }
}

/**
 * @param options - extractor, layer, input size, weights, engine, device and threads
 * @returns the extractor of a run
 */
export function extractorOf(options: RunOptions): Promise<Extractor> {
  const { inputSize, layer, weights, engine, device, threads } = options;
  return loadExtractor(options.extractor, { inputSize, layer, weights, engine, device, threads });
}
