import { loadExtractor } from "../dist/src/index.js";

/**
 * The features of a data set's images, from a feature cache where they were kept before, so that a bench goes on where it was interrupted.
 *
 * @param folder - folder of the cache
 * @param dataset - the data set, limited
 * @param name - name of the extractor
 * @param layer - layer or layers, undefined for the network's own
 * @returns `train`, `test` and the `weightsHash`
 */
export async function keptFeatures(folder, dataset, name, layer) {
  const extractor = await loadExtractor(name, layer === undefined ? {} : { layer });
  try {
    const train = await extractor.extract(dataset.train, { cache: folder });
    const test = await extractor.extract(dataset.test, { cache: folder });
    return { train, test, weightsHash: extractor.provenance.weightsHash };
  } finally {
    extractor.dispose();
  }
}
