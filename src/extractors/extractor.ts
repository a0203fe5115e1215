import { Displayable } from "../core/display.js";
import { DataError } from "../core/errors.js";
import type { Aspect } from "../core/image.js";
import { checkOptions, integerIn } from "../core/options.js";
import { ProgressMeter } from "../core/progress.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { CompiledNetwork } from "../engines/index.js";
import { describePreparation, type Preparation, type PreparedImage, toTensor } from "../images/index.js";
import { type BadImage, type ExtractOptions, printBadImage } from "./extract-options.js";
import { type FeatureMap, featureMaps } from "./feature-maps.js";
import { Features, type Provenance } from "./features.js";
import { preparedImages } from "./prepared-images.js";

/**
 * Turns images into features: preparation, a pretrained network, and the average over all pixels of one of its layers, or of
 * several.
 *
 * @see Bergman, Cohen and Hoshen 2020, section 3.1
 */
export class Extractor extends Displayable {
  readonly #compiled: CompiledNetwork;

  /** @internal */
  constructor(
    /** How an image becomes the network's input. */
    readonly preparation: Preparation,
    /** Length of a feature. */
    readonly dimensions: number,
    /** Where features of this extractor come from. */
    readonly provenance: Provenance,
    /* Its outputs: the layer or layers averaged over all pixels, and its map. */
    compiled: CompiledNetwork,
  ) {
    super();
    this.#compiled = compiled;
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
    checkOptions("extract", options, ["batchSize", "onBadImage", "signal"]);
    const { signal } = options;
    const batchSize = integerIn("batchSize", options.batchSize ?? 16, 1, 4096);
    const rows = new Float32Array(images.length * this.dimensions);
    const good: number[] = [];
    const bad: BadImage[] = [];
    const aspects = new Set<Aspect>();
    const meter = new ProgressMeter(`extracting ${this.name} features`, images.length, "images", signal);

    const store = async (batch: Batch | undefined) => {
      if (!batch) return;
      const features = await batch.running;
      rows.set(features, good.length * this.dimensions);
      good.push(...batch.indices);
      await meter.add(batch.indices.length);
    };

    let pending: Batch | undefined;
    let prepared: { index: number; image: PreparedImage }[] = [];
    const flush = async () => {
      if (prepared.length === 0) return;
      const batch = this.#start(prepared);
      prepared = [];
      const previous = pending;
      pending = batch;
      await store(previous);
    };
    try {
      for await (const next of preparedImages(images, this.preparation, { signal })) {
        const { index } = next;
        if (next.image === undefined) {
          bad.push({ id: images.ids[index], reason: next.reason });
          await meter.add(1);
          continue;
        }
        const { image, aspect } = next;
        if (aspect !== undefined) aspects.add(aspect);
        const first = prepared[0]?.image;
        if (first && (first.width !== image.width || first.height !== image.height)) await flush();
        prepared.push({ index, image });
        if (prepared.length === batchSize) await flush();
      }
      await flush();
      await store(pending);
    } finally {
      await pending?.running.catch(() => {});
      meter.close();
    }
    for (const image of bad) (options.onBadImage ?? printBadImage)(image);
    if (good.length === 0) {
      const reason = bad.length > 0 ? `; the first of ${bad.length} bad images: ${bad[0].reason}` : "";
      throw new DataError(`at least one readable image is needed; ${images.name} has none${reason}`);
    }
    const used = good.length === images.length ? images : images.subset(good);
    const aspect = aspects.has("stretch") ? "stretch" : undefined;
    const preparation = describePreparation({ ...this.preparation, aspect });
    const provenance = { ...this.provenance, preparation };
    const data = good.length === images.length ? rows : rows.slice(0, good.length * this.dimensions);
    return new Features(data, this.dimensions, used.ids, { images: used, provenance });
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
    const { preparation } = this;
    const source = { compiled: this.#compiled, preparation, label: `extracting ${this.name} maps` };
    return featureMaps(source, images, options);
  }

  /** Frees the engine's memory; the extractor cannot be used afterwards. */
  dispose(): void {
    this.#compiled.dispose();
  }

  toString(): string {
    const { layer, preparation, engine } = this.provenance;
    return `extractor ${this.name}: ${this.dimensions} features from ${layer}, ${preparation}, on ${engine}`;
  }

  #start(prepared: readonly { index: number; image: PreparedImage }[]): Batch {
    const { width, height } = prepared[0].image;
    const input = toTensor(
      prepared.map(({ image }) => image),
      this.preparation,
    );
    const running = this.#compiled
      .run(input, [prepared.length, 3, height, width], [0])
      .then(([output]) => output.data);
    return { indices: prepared.map(({ index }) => index), running };
  }
}

interface Batch {
  readonly indices: readonly number[];
  readonly running: Promise<Float32Array>;
}
