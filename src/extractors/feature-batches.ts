import type { Aspect } from "../core/image.js";
import type { ProgressMeter } from "../core/progress.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { Output } from "../engines/index.js";
import type { PreparedImage } from "../images/index.js";
import { BatchSize } from "./batch-size.js";
import type { FeatureOutput, ImageNetwork } from "./image-network.js";
import { preparedImages } from "./prepared-images.js";
import { ThreadedNetwork } from "./threaded-network.js";

/** What the network gives for some images of a set. */
export interface FeatureBatch {
  /** Positions of the images in their set, rising. */
  readonly indices: readonly number[];
  /** Images x channels for averages, images x channels x height x width for maps. */
  readonly shape: readonly number[];
  /** Float32Array of that shape, one row an image. */
  readonly data: Float32Array;
}

/** What turns images into features. */
export interface FeatureSource {
  readonly network: ImageNetwork;
  /** The output that is wanted. */
  readonly output: FeatureOutput;
}

/** How `featureBatches` works. */
export interface FeatureBatchOptions {
  /** Images in a batch; default found out on the first batches. */
  readonly batchSize?: number;
  /** Counts images. */
  readonly meter: ProgressMeter;
  /** Receives the position of each image that cannot be read, and why. */
  readonly onBad: (index: number, reason: string) => void;
  /** Receives what resizing does to each image that is not square, where the image says so itself. */
  readonly onAspect?: (aspect: Aspect) => void;
  /** Aborts between batches. */
  readonly signal?: AbortSignal;
}

interface Prepared {
  readonly index: number;
  readonly sizes: readonly PreparedImage[];
}

interface Running {
  readonly indices: readonly number[];
  readonly running: Promise<Output>;
}

/**
 * The features of images, or their maps, batch by batch, in order: while the network runs one batch, the next is prepared. Memory does not grow
 * with the number of images.
 *
 * @param source - network and output
 * @param images - the images
 * @param options - batch size, progress, what to do with bad images, abort signal
 * @returns the batches
 * @throws Aborted when interrupted
 */
export async function* featureBatches(
  source: FeatureSource,
  images: ImageSet,
  options: FeatureBatchOptions,
): AsyncGenerator<FeatureBatch, void, undefined> {
  const { meter, onBad, onAspect, signal } = options;
  const { network, output } = source;
  const size = new BatchSize(options.batchSize);
  const search = network instanceof ThreadedNetwork ? network.search() : undefined;
  let pending: Running | undefined;
  let prepared: Prepared[] = [];
  const finished = async function* () {
    if (!pending) return;
    const { indices, running } = pending;
    const { shape, data } = await running;
    pending = undefined;
    yield { indices, shape, data };
    await meter.add(indices.length);
  };
  const flush = async function* () {
    if (prepared.length === 0) return;
    if (size.isMeasuring) yield* finished();
    else if (search?.isDue) {
      yield* finished();
      await search.next(images.length - prepared[0].index);
    }
    const next = start(source, prepared);
    prepared = [];
    if (size.isMeasuring) {
      pending = next;
      await size.measure(next.indices.length, next.running);
      return;
    }
    search?.count(next.indices.length);
    yield* finished();
    pending = next;
  };
  try {
    for await (const next of preparedImages(images, network.preparations(output), { signal })) {
      const { index } = next;
      if (next.images === undefined) {
        onBad(index, next.reason);
        await meter.add(1);
        continue;
      }
      const { images: sizes, aspect } = next;
      if (aspect !== undefined) onAspect?.(aspect);
      if (prepared.length > 0 && !fitTogether(prepared[0].sizes, sizes)) yield* flush();
      prepared.push({ index, sizes });
      if (prepared.length === size.now) yield* flush();
    }
    yield* flush();
    yield* finished();
  } finally {
    await pending?.running.catch(() => {});
    search?.stop();
    meter.close();
  }
}

function fitTogether(one: readonly PreparedImage[], other: readonly PreparedImage[]): boolean {
  return one.every(({ width, height }, i) => width === other[i].width && height === other[i].height);
}

function start({ network, output }: FeatureSource, prepared: readonly Prepared[]): Running {
  const running = network.run(
    prepared.map(({ sizes }) => sizes),
    output,
  );
  running.catch(() => {});
  return { indices: prepared.map(({ index }) => index), running };
}
