/** Options of `Extractor.extract` and `extractMaps`. */
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
 * What is done with bad images where the caller says nothing: a line on standard error.
 *
 * @param bad - the image
 */
export function printBadImage({ reason }: BadImage): void {
  process.stderr.write(`left out: ${reason}\n`);
}
