import { checkOptions } from "../core/options.js";
import { ProgressMeter } from "../core/progress.js";
import type { PatchScores } from "../scoring/patches/patch-scores.js";
import { rocAuc } from "./roc.js";

/** Most pixels that are compared: their scores and truth take 2.4 GB while they are sorted. */
const mostPixels = 100_000_000;

/**
 * How well heatmaps find the place of anomalies: the ROCAUC of all pixels of all images, against their masks. Pixels that the
 * network did not see count as the least anomalous. Memory: about 24 bytes a pixel.
 *
 * @param scores - scores of places, of images whose data set has masks
 * @param options - abort signal
 * @returns the area as a fraction, 0 to 1
 * @throws RangeError when an image has no mask, no pixel is anomalous or all are, or there are more than 100 million pixels
 * @throws Aborted when interrupted
 * @see Bergmann and others 2019, "MVTec AD", section 4
 */
export async function pixelRocAuc(
  scores: PatchScores,
  options: { readonly signal?: AbortSignal } = {},
): Promise<number> {
  checkOptions("pixelRocAuc", options, ["signal"]);
  const values: Float32Array[] = [];
  const truths: Uint8Array[] = [];
  let total = 0;
  const meter = new ProgressMeter("laying heatmaps over images", scores.length, "images", options.signal);
  try {
    for (let i = 0; i < scores.length; i++) {
      const heatmap = await scores.heatmap(i);
      if (heatmap.mask === undefined) {
        throw new RangeError(
          `pixelRocAuc needs to know where images are anomalous; ${heatmap.id} has no mask: take a data set with masks, for example synthetic-defects`,
        );
      }
      total += heatmap.values.length;
      if (total > mostPixels) {
        throw new RangeError(
          `pixelRocAuc compares at most ${mostPixels} pixels; ${scores.length} images have more: take fewer images`,
        );
      }
      values.push(heatmap.values.map((value) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value)));
      truths.push(heatmap.mask.data);
      await meter.add(1);
    }
  } finally {
    meter.close();
  }
  const all = new Float32Array(total);
  const truth = new Uint8Array(total);
  let at = 0;
  for (const [i, part] of values.entries()) {
    all.set(part, at);
    truth.set(truths[i], at);
    at += part.length;
  }
  return rocAuc(all, truth);
}
