import type { ImageSet } from "../../datasets/image-set.js";
import type { ExtractOptions } from "../extract-options.js";
import type { FeatureBatch, FeatureBatchOptions } from "../feature-batches.js";
import type { Maker } from "../features-of-rows.js";
import type { ImageKeys } from "./image-key.js";

/** An extractor, as the cache needs it. */
export interface CachedMaker extends Maker {
  /** @returns features batch by batch */
  batches(images: ImageSet, options: FeatureBatchOptions): AsyncGenerator<FeatureBatch, void, undefined>;
}

/** What is asked of the cache: the features of some images by an extractor. */
export interface Asked {
  /** The extractor. */
  readonly maker: CachedMaker;
  /** The images. */
  readonly images: ImageSet;
  /** Their keys. */
  readonly keys: ImageKeys;
  /** Those of `Extractor.extract`. */
  readonly options: ExtractOptions;
}

/**
 * @param n - how many
 * @returns the positions from 0 to n - 1
 */
export function positions(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}
