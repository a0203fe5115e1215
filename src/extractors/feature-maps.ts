import { checkOptions, integerIn } from "../core/options.js";
import { ProgressMeter } from "../core/progress.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { CompiledNetwork } from "../engines/index.js";
import { type Preparation, type PreparedImage, toTensor } from "../images/index.js";
import { type BadImage, type ExtractOptions, printBadImage } from "./extract-options.js";
import { preparedImages } from "./prepared-images.js";

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

interface Batch {
  readonly indices: readonly number[];
  readonly running: ReturnType<CompiledNetwork["run"]>;
}

/**
 * The maps of images, while the next batch is computed.
 *
 * @param source - `compiled` gives averages as output 0 and maps as output 1; `preparation` says how an image becomes its input;
 *   `label` stands in the progress line
 * @param images - the images
 * @param options - those of `Extractor.extract`
 * @returns maps in the order of the images that can be read
 * @throws Aborted when interrupted
 */
export async function* featureMaps(
  source: { readonly compiled: CompiledNetwork; readonly preparation: Preparation; readonly label: string },
  images: ImageSet,
  options: ExtractOptions,
): AsyncGenerator<FeatureMap, void, undefined> {
  checkOptions("extractMaps", options, ["batchSize", "onBadImage", "signal"]);
  const { compiled, preparation, label } = source;
  const { signal, onBadImage = printBadImage } = options;
  const batchSize = integerIn("batchSize", options.batchSize ?? 16, 1, 4096);
  const meter = new ProgressMeter(label, images.length, "images", signal);
  const bad: BadImage[] = [];
  let waiting: { index: number; image: PreparedImage }[] = [];
  let pending: Batch | undefined;
  const start = (): Batch | undefined => {
    if (waiting.length === 0) return undefined;
    const { width, height } = waiting[0].image;
    const input = toTensor(
      waiting.map(({ image }) => image),
      preparation,
    );
    const indices = waiting.map(({ index }) => index);
    waiting = [];
    return { indices, running: compiled.run(input, [indices.length, 3, height, width], [1]) };
  };
  const next = async function* () {
    const before = pending;
    pending = start();
    if (!before) return;
    yield* mapsOf(before, images);
    await meter.add(before.indices.length);
  };
  try {
    for await (const { index, ...prepared } of preparedImages(images, preparation, { signal })) {
      if (prepared.image === undefined) {
        bad.push({ id: images.ids[index], reason: prepared.reason });
        await meter.add(1);
        continue;
      }
      const { image } = prepared;
      const first = waiting[0]?.image;
      if (first && (first.width !== image.width || first.height !== image.height)) yield* next();
      waiting.push({ index, image });
      if (waiting.length === batchSize) yield* next();
    }
    yield* next();
    yield* next();
  } finally {
    await pending?.running.catch(() => {});
    meter.close();
  }
  for (const image of bad) onBadImage(image);
}

async function* mapsOf({ indices, running }: Batch, images: ImageSet): AsyncGenerator<FeatureMap> {
  const [{ shape, data }] = await running;
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
