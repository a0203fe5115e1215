import type { Image } from "../../../src/core/image.js";
import { Random } from "../../../src/core/random.js";
import { ImageSet } from "../../../src/datasets/index.js";
import type { CachedMaker } from "../../../src/extractors/cache/asked.js";
import type { FeatureBatchOptions } from "../../../src/extractors/feature-batches.js";
import { loadImage } from "../../../src/images/index.js";

/** An extractor whose feature of an image is the first bytes of its pixels; it counts what it is asked for. */
export class MadeUpMaker implements CachedMaker {
  readonly dimensions = 3;
  readonly preparation = {
    resize: 4,
    crop: 4,
    filter: "bilinear",
    mean: [0, 0, 0],
    std: [1, 1, 1],
  } as const;
  readonly preparations = [this.preparation] as const;
  readonly provenance;
  /** Ids of the images that were run. */
  readonly ran: string[] = [];
  /** Called before each batch with the position of its first image. */
  beforeBatch: (first: number) => void | Promise<void> = () => {};

  constructor(extractor = "made-up") {
    this.provenance = { extractor, layer: "last", weightsHash: "abc", engine: "made-up 1" };
  }

  async *batches(images: ImageSet, { meter, onBad, batchSize = 4 }: FeatureBatchOptions) {
    let indices: number[] = [];
    let rows: number[] = [];
    for (let i = 0; i < images.length; i++) {
      let image: Image;
      try {
        image = await loadImage(images.source(i));
      } catch (error) {
        onBad(i, (error as Error).message);
        continue;
      }
      indices.push(i);
      rows.push(...image.data.subarray(0, 3));
      this.ran.push(images.ids[i]);
      if (indices.length < batchSize && i < images.length - 1) continue;
      await this.beforeBatch(indices[0]);
      yield { indices, shape: [indices.length, 3], data: Float32Array.from(rows) };
      await meter.add(indices.length);
      [indices, rows] = [[], []];
    }
    if (indices.length > 0) yield { indices, shape: [indices.length, 3], data: Float32Array.from(rows) };
    meter.close();
  }
}

/** A picture of noise. */
export function noise(random: Random, width = 2, height = 2): Image {
  const data = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
  return { width, height, channels: 3, data };
}

/** A set of pictures of noise, others for another seed. */
export function pictures(count: number, seed = 1): ImageSet {
  const random = new Random(seed);
  return ImageSet.fromImages(
    `pictures ${seed}`,
    Array.from({ length: count }, () => noise(random)),
  );
}
