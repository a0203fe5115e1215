import { Displayable } from "../core/display.js";
import type { Aspect } from "../core/image.js";
import { checkOptions } from "../core/options.js";
import { ProgressMeter } from "../core/progress.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { Preparation } from "../images/index.js";
import { FeatureCache } from "./cache/feature-cache.js";
import { type BadImage, type ExtractOptions, printBadImage } from "./extract-options.js";
import { type FeatureBatch, type FeatureBatchOptions, featureBatches } from "./feature-batches.js";
import { type FeatureMap, featureMaps } from "./feature-maps.js";
import { Features, type Provenance } from "./features.js";
import { provenanceOf, readableOf } from "./features-of-rows.js";
import type { ImageNetwork, Preparations } from "./image-network.js";

/**
 * Turns images into features: preparation, a pretrained network, and the average over all pixels of one of its layers, or of
 * several.
 *
 * @see Bergman, Cohen and Hoshen 2020, section 3.1
 */
export class Extractor extends Displayable {
  readonly #network: ImageNetwork;

  /** @internal */
  constructor(
    /** Length of a feature. */
    readonly dimensions: number,
    /** Where features of this extractor come from. */
    readonly provenance: Provenance,
    network: ImageNetwork,
  ) {
    super();
    this.#network = network;
  }

  /** How an image becomes the network's input for maps. */
  get preparation(): Preparation {
    return this.#network.preparations(1)[0];
  }

  /** How an image becomes the network's input for a feature, once for each size at which it is looked at. */
  get preparations(): Preparations {
    return this.#network.preparations(0);
  }

  /** Name of the extractor. */
  get name(): string {
    return this.provenance.extractor;
  }

  /**
   * Extracts the features of all images. Images that cannot be read are left out and reported; memory beyond the
   * features themselves does not grow with the number of images.
   *
   * @param images - the images; the ids of the features are theirs
   * @param options - batch size, handling of bad images, abort signal
   * @returns features, n x d, in the order of the images; `features.images` holds the images that could be read
   * @throws DataError when no image could be read
   * @throws Aborted when interrupted
   */
  async extract(images: ImageSet, options: ExtractOptions = {}): Promise<Features> {
    checkOptions("extract", options, ["batchSize", "cache", "onBadImage", "onCacheUse", "signal"]);
    const { batchSize, signal, onBadImage = printBadImage } = options;
    const cache = this.provenance.engine === "none" ? undefined : FeatureCache.from(options.cache);
    if (cache) return cache.features(this, images, options);
    const { dimensions } = this;
    const rows = new Float32Array(images.length * dimensions);
    const good: number[] = [];
    const bad: BadImage[] = [];
    const aspects = new Set<Aspect>();
    const batches = this.batches(images, {
      batchSize,
      signal,
      meter: new ProgressMeter(`extracting ${this.name} features`, images.length, "images", signal),
      onBad: (index, reason) => void bad.push({ id: images.ids[index], reason }),
      onAspect: (aspect) => void aspects.add(aspect),
    });
    for await (const { indices, data } of batches) {
      rows.set(data, good.length * dimensions);
      good.push(...indices);
    }
    for (const image of bad) onBadImage(image);
    const used = readableOf(images, good, bad);
    const data = used === images ? rows : rows.slice(0, good.length * dimensions);
    return new Features(data, dimensions, used.ids, {
      images: used,
      provenance: provenanceOf(this, aspects),
    });
  }

  /** @internal The features batch by batch, for those that keep them. */
  batches(images: ImageSet, options: FeatureBatchOptions): AsyncGenerator<FeatureBatch, void, undefined> {
    return featureBatches({ network: this.#network, output: 0 }, images, {
      ...options,
      batchSize: options.batchSize ?? this.#fixedBatchSize,
    });
  }

  /**
   * The layer's maps before they are averaged, image by image: features of places, for a search among patches. At most three
   * batches of maps are in memory.
   *
   * @param images - the images
   * @param options - batch size, handling of bad images, abort signal
   * @returns the map of every image that can be read, in order
   * @throws Aborted when interrupted
   */
  extractMaps(images: ImageSet, options: ExtractOptions = {}): AsyncGenerator<FeatureMap, void, undefined> {
    return featureMaps({ network: this.#network, label: `extracting ${this.name} maps` }, images, options);
  }

  /** Only on the processor are features known not to depend on the size of a batch. */
  get #fixedBatchSize(): number | undefined {
    return this.provenance.engine?.includes(" on ") ? 16 : undefined;
  }

  /** Frees the engine's memory; the extractor cannot be used afterwards. */
  dispose(): void {
    this.#network.dispose();
  }

  toString(): string {
    const { layer, preparation, engine } = this.provenance;
    return `extractor ${this.name}: ${this.dimensions} features from ${layer}, ${preparation}, on ${engine}`;
  }
}
