import { join, resolve } from "node:path";
import { ProgressMeter } from "../src/core/progress.js";
import { plotHeatmap } from "../src/plots/index.js";
import type { FoundPlaces } from "../src/protocols/index.js";
import { requireWritableFolder } from "./files.js";

const mostImages = 50;
const width = 420;

/**
 * Draws heatmaps of the most anomalous test images, at most 50 for each normal class, into a folder: FOLDER/CLASS/RANK-IMAGE.png, on
 * one color scale.
 *
 * @param folder - where to; made where it is missing
 * @param signal - aborts between images
 * @returns what takes the scores of places
 * @throws UsageError when there is a file of this name, or the folder cannot be written
 */
export function heatmapsInto(folder: string, signal: AbortSignal): (found: FoundPlaces) => Promise<void> {
  const root = resolve(folder);
  requireWritableFolder("--heatmaps must be", folder);
  return async ({ normalClass, scores, values, isAnomaly }) => {
    const ranked = Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);
    const shown = ranked.slice(0, mostImages);
    const own = join(root, fileName(normalClass));
    const scale = rangeOf(shown.map((i) => scores.maps[i].values));
    const meter = new ProgressMeter(
      `drawing heatmaps, ${normalClass} normal`,
      shown.length,
      "images",
      signal,
    );
    try {
      for (const [rank, i] of shown.entries()) {
        const figure = await plotHeatmap(await scores.heatmap(i), {
          isAnomaly: [isAnomaly[i] === 1],
          scale,
          width,
        });
        const number = String(rank + 1).padStart(3, "0");
        await figure.save(join(own, `${number}-${fileName(scores.images.ids[i])}.png`));
        await meter.add(1);
      }
    } finally {
      meter.close();
    }
  };
}

/** The end of an id as a name that every file system takes. */
function fileName(id: string): string {
  const plain = id.replace(/\.[A-Za-z]{3,4}$/, "").replace(/[^\p{L}\p{N}_-]+/gu, "-");
  return plain.slice(-60).replace(/^-+/, "") || "image";
}

function rangeOf(maps: readonly Float32Array[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const map of maps) {
    for (const value of map) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return high > low ? [low, high] : [low, low + 1];
}
