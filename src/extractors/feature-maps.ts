import { checkOptions } from "../core/options.js";
import { ProgressMeter } from "../core/progress.js";
import type { ImageSet } from "../datasets/image-set.js";
import { type BadImage, type ExtractOptions, printBadImage } from "./extract-options.js";
import { type FeatureBatch, featureBatches } from "./feature-batches.js";
import type { ImageNetwork } from "./image-network.js";

/** What a layer gives for an image, place by place. */
export interface FeatureMap {
  /** Id of the image. */
  readonly id: string;
  /** Position of the image in its set. */
  readonly index: number;
  /** Channels, height and width. */
  readonly shape: readonly [channels: number, height: number, width: number];
  /** Float32Array, channels x height x width, rows from the top. */
  readonly data: Float32Array;
}

/**
 * The maps of images, while the next batch is computed.
 *
 * @param source - the network; `label` stands in the progress line
 * @param images - the images
 * @param options - those of `Extractor.extract`
 * @returns maps in the order of the images that can be read
 * @throws Aborted when interrupted
 */
export async function* featureMaps(
  { network, label }: { readonly network: ImageNetwork; readonly label: string },
  images: ImageSet,
  options: ExtractOptions,
): AsyncGenerator<FeatureMap, void, undefined> {
  checkOptions("extractMaps", options, ["batchSize", "onBadImage", "signal"]);
  const { signal, onBadImage = printBadImage } = options;
  const { batchSize = 16 } = options;
  const bad: BadImage[] = [];
  const batches = featureBatches({ network, output: 1 }, images, {
    batchSize,
    signal,
    meter: new ProgressMeter(label, images.length, "images", signal),
    onBad: (index, reason) => void bad.push({ id: images.ids[index], reason }),
  });
  for await (const batch of batches) yield* mapsOf(batch, images);
  for (const image of bad) onBadImage(image);
}

function* mapsOf({ indices, shape, data }: FeatureBatch, images: ImageSet): Generator<FeatureMap> {
  const [, channels, height, width] = shape;
  const size = channels * height * width;
  for (const [i, index] of indices.entries()) {
    yield {
      id: images.ids[index],
      index,
      shape: [channels, height, width],
      data: data.slice(i * size, (i + 1) * size),
    };
  }
}
