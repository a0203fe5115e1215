import type { DataSet, ImageSet } from "../datasets/index.js";
import { type BadImage, type Features, loadExtractor, type Provenance } from "../extractors/index.js";
import { describePreparation } from "../images/index.js";
import { FeatureCache } from "./feature-cache.js";
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
 * Extracts the features of a data set, or takes them from the cache's folder where one is named.
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
  const { inputSize, layer, weights, engine, batchSize, signal, cache } = options;
  const extractor = await stopwatch.time("loadNetwork", () =>
    loadExtractor(options.extractor, { inputSize, layer, weights, engine }),
  );
  try {
    const { provenance } = extractor;
    const extracted = async (images: ImageSet) => {
      const bad: BadImage[] = [];
      const onBadImage = (one: BadImage) => void bad.push(one);
      return { features: await extractor.extract(images, { batchSize, signal, onBadImage }), bad };
    };
    const store = cache === undefined ? undefined : new FeatureCache(cache);
    const expected = { ...provenance, preparation: describePreparation(extractor.preparation) };
    const take = async (images: ImageSet) =>
      store
        ? store.features(images, await dataset.contentHash(), expected, () => extracted(images))
        : extracted(images);
    const train = await stopwatch.time("extractTrain", () => take(dataset.train));
    const test = await stopwatch.time("extractTest", () => take(dataset.test));
    const bad = [...train.bad, ...test.bad];
    for (const one of bad) (options.onBadImage ?? printBadImage)(one);
    return { train: train.features, test: test.features, unreadable: bad.length, provenance };
  } finally {
    extractor.dispose();
  }
}

function printBadImage({ reason }: BadImage): void {
  process.stderr.write(`left out: ${reason}\n`);
}
