import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Features, loadExtractor, readNpy, writeFeatures } from "../dist/src/index.js";

/**
 * The features of a data set's images, from a folder where they were kept before, so that a bench goes on where it was interrupted.
 *
 * @param folder - where files are kept
 * @param dataset - the data set, limited
 * @param name - name of the extractor
 * @param layer - layer or layers, undefined for the network's own
 * @returns `train`, `test` and the `weightsHash`
 */
export async function keptFeatures(folder, dataset, name, layer) {
  mkdirSync(folder, { recursive: true });
  const extractor = await loadExtractor(name, layer === undefined ? {} : { layer });
  try {
    const take = async (images) => {
      const file = `${images.name}-${images.length}-${name}-${extractor.provenance.layer}`;
      const path = join(folder, `${file.replace(/[^\w.+-]/g, "_")}.npy`);
      const about = path.replace(/npy$/, "json");
      if (existsSync(path) && existsSync(about)) {
        const { files, provenance } = JSON.parse(readFileSync(about, "utf8"));
        if (
          provenance.weightsHash === extractor.provenance.weightsHash &&
          files.join() === images.ids.join()
        ) {
          const { shape, data } = await readNpy(path);
          return new Features(data, shape[1], files, { images, provenance });
        }
      }
      const features = await extractor.extract(images);
      await writeFeatures(path, features);
      return features;
    };
    const train = await take(dataset.train);
    return { train, test: await take(dataset.test), weightsHash: extractor.provenance.weightsHash };
  } finally {
    extractor.dispose();
  }
}
