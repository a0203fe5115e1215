import { checkInterrupted } from "../../core/progress.js";
import type { ImageSet } from "../../datasets/index.js";
import type { CompiledNetwork } from "../../engines/index.js";
import { Features } from "../../extractors/index.js";
import { type Preparation, toTensor } from "../../images/index.js";
import type { PixelBlock } from "../augment.js";

const batchSize = 64;

/** Images that are measured on after every epoch, prepared once. */
export interface PreparedSet {
  readonly images: ImageSet;
  readonly pixels: PixelBlock;
}

/**
 * Features of prepared images.
 *
 * @param compiled - the network; its first output is taken
 * @param set - the images
 * @param preparation - mean and standard deviation of the channels
 * @param signal - aborts between batches
 * @returns features, n x d
 */
export async function featuresOf(
  compiled: CompiledNetwork,
  { images, pixels }: PreparedSet,
  preparation: Preparation,
  signal: AbortSignal | undefined,
): Promise<Features> {
  const { size, data } = pixels;
  const bytes = size * size * 3;
  let rows = new Float32Array(0);
  let d = 0;
  for (let start = 0; start < images.length; start += batchSize) {
    checkInterrupted(signal);
    const count = Math.min(batchSize, images.length - start);
    const batch = Array.from({ length: count }, (_, i) => ({
      width: size,
      height: size,
      channels: 3 as const,
      data: data.subarray((start + i) * bytes, (start + i + 1) * bytes),
    }));
    const [output] = await compiled.run(toTensor(batch, preparation), [count, 3, size, size]);
    d = output.shape[1];
    if (start === 0) rows = new Float32Array(images.length * d);
    rows.set(output.data, start * d);
  }
  return new Features(rows, d, images.ids, { images });
}
