import { Displayable } from "../core/display.js";
import { DataError, messageOf } from "../core/errors.js";
import { checkOptions, integerIn } from "../core/options.js";
import { checkInterrupted, ProgressMeter } from "../core/progress.js";
import type { ImageSet } from "../datasets/image-set.js";
import { type CompiledNetwork, type EngineName, loadEngine } from "../engines/index.js";
import {
  describePreparation,
  loadImage,
  type Preparation,
  type PreparedImage,
  prepare,
  toTensor,
} from "../images/index.js";
import { describe, layerNamed, loadWeights, type Network, networkNamed } from "../networks/index.js";
import { Features, type Provenance } from "./features.js";

/** Options of `loadExtractor`. */
export interface ExtractorOptions {
  /** Compute engine; default the best one that is installed. */
  engine?: EngineName;
  /** Layer whose output, averaged over all pixels, is the feature; default the network's own choice. */
  layer?: string;
  /** Side of the network's square input in pixels; the shorter side is resized in proportion. Default the network's own. */
  inputSize?: number;
  /** Threads of the engine; default one for each core. */
  threads?: number;
}

/** Options of `Extractor.extract`. */
export interface ExtractOptions {
  /** Images in a batch, default 16. */
  batchSize?: number;
  /** Called for each image that cannot be read; by default its name and the reason are printed at the end. */
  onBadImage?: (bad: BadImage) => void;
  /** Aborts between batches. */
  signal?: AbortSignal;
}

/** An image that could not be read. */
export interface BadImage {
  /** Its id in the image set. */
  readonly id: string;
  /** One sentence. */
  readonly reason: string;
}

/**
 * Turns images into features: preparation, a pretrained network, and the average over all pixels of one of its layers.
 *
 * @see Bergman, Cohen and Hoshen 2020, section 3.1
 */
export class Extractor extends Displayable {
  readonly #compiled: CompiledNetwork;

  /** @internal */
  constructor(
    /** The network. */
    readonly network: Network,
    /** How an image becomes the network's input. */
    readonly preparation: Preparation,
    /** Length of a feature. */
    readonly dimensions: number,
    /** Where features of this extractor come from. */
    readonly provenance: Provenance,
    compiled: CompiledNetwork,
  ) {
    super();
    this.#compiled = compiled;
  }

  /** Name of the network. */
  get name(): string {
    return this.network.name;
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
      for (let i = 0; i < images.length; i++) {
        checkInterrupted(signal);
        try {
          const image = prepare(await loadImage(images.source(i)), this.preparation);
          const first = prepared[0]?.image;
          if (first && (first.width !== image.width || first.height !== image.height)) await flush();
          prepared.push({ index: i, image });
        } catch (error) {
          if (!(error instanceof DataError) && !(error instanceof RangeError)) throw error;
          bad.push({ id: images.ids[i], reason: messageOf(error) });
          await meter.add(1);
        }
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
    const data = good.length === images.length ? rows : rows.slice(0, good.length * this.dimensions);
    return new Features(data, this.dimensions, used.ids, { images: used, provenance: this.provenance });
  }

  /** Frees the engine's memory; the extractor cannot be used afterwards. */
  dispose(): void {
    this.#compiled.dispose();
  }

  toString(): string {
    const { layer, engine } = this.provenance;
    return `extractor ${this.name}: ${this.dimensions} features from ${layer}, ${describePreparation(this.preparation)}, on ${engine}`;
  }

  #start(prepared: readonly { index: number; image: PreparedImage }[]): Batch {
    const { width, height } = prepared[0].image;
    const input = toTensor(
      prepared.map(({ image }) => image),
      this.preparation,
    );
    const running = this.#compiled
      .run(input, [prepared.length, 3, height, width])
      .then(([output]) => output.data);
    return { indices: prepared.map(({ index }) => index), running };
  }
}

interface Batch {
  readonly indices: readonly number[];
  readonly running: Promise<Float32Array>;
}

function printBadImage({ reason }: BadImage): void {
  process.stderr.write(`left out: ${reason}\n`);
}

/**
 * Loads a pretrained network and makes an extractor of it.
 *
 * @param name - name of a network: "embedded" needs no download
 * @param options - engine, layer, input size, threads
 * @returns the extractor
 * @throws RangeError when the network, the layer or the input size is unknown or too small
 * @throws DataError when the weights are missing or are not the network's
 */
export async function loadExtractor(name: string, options: ExtractorOptions = {}): Promise<Extractor> {
  checkOptions("loadExtractor", options, ["engine", "layer", "inputSize", "threads"]);
  const network = networkNamed(name);
  const layer = layerNamed(network, options.layer ?? network.featureLayer);
  const preparation = withInputSize(network, options.inputSize);
  const engine = await loadEngine(options.engine);
  const { weights, hash } = await loadWeights(network);
  const compiled = await engine.compile(network, weights, {
    outputs: [{ layer: layer.name, pooled: true }],
    threads: options.threads,
  });
  const shapes = describe(network, preparation.crop || network.minSize);
  const [dimensions] = shapes.find((shape) => shape.name === layer.name)?.shape ?? [0];
  const provenance = {
    extractor: name,
    layer: options.layer ?? network.featureLayer,
    weightsHash: hash,
    preparation: describePreparation(preparation),
    engine: `${engine.name} ${engine.version}`,
  };
  return new Extractor(network, preparation, dimensions, provenance, compiled);
}

function withInputSize(network: Network, inputSize: number | undefined): Preparation {
  const own = network.preparation;
  if (inputSize === undefined) return own;
  integerIn(`input size of ${network.name}`, inputSize, network.minSize, 4096);
  return { ...own, resize: Math.round((inputSize * own.resize) / own.crop), crop: inputSize };
}
