import { checkOptions, integerIn } from "../core/options.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import type { Figure } from "./figure.js";
import { type CaptionPart, ImageLabels } from "./image-labels.js";
import { type TitleOptions, titleOptionKeys } from "./layout.js";
import { formatCount } from "./number-format.js";
import { type ScoreInput, scoreDescription } from "./score-input.js";
import { sheetFigure } from "./sheet.js";

/** Options of `plotExtremes`. */
export interface PlotExtremesOptions extends TitleOptions {
  /** For each image whether it is an anomaly: colors the frames. */
  readonly isAnomaly?: AnomalyLabels;
  /** Number of images on each side, from 1 to 100, default 12. */
  readonly count?: number;
  /** Lines below each image; default class and score where known. */
  readonly captions?: readonly CaptionPart[];
}

/**
 * The least and the most anomalous images side by side.
 *
 * @param images - the images; only those shown are loaded
 * @param scores - one score an image, larger = more anomalous
 * @param options - see PlotExtremesOptions
 * @returns the figure
 * @throws RangeError when there is no image, or scores or truth are not one an image
 */
export async function plotExtremes(
  images: ImageSet,
  scores: ScoreInput,
  options: PlotExtremesOptions = {},
): Promise<Figure> {
  checkOptions("plotExtremes", options, [...titleOptionKeys, "isAnomaly", "count", "captions"]);
  const labels = new ImageLabels("plotExtremes", images, { scores, isAnomaly: options.isAnomaly });
  const count = Math.min(integerIn("count", options.count ?? 12, 1, 100), Math.ceil(images.length / 2));
  const ranked = labels.ranked();
  const anomalies = (shown: readonly number[]) =>
    labels.truth
      ? `, ${formatCount(shown.filter((i) => labels.truth?.[i]).length, "anomaly", "anomalies")}`
      : "";
  const most = ranked.slice(0, count);
  const least = ranked.slice(count).reverse().slice(0, count);
  return sheetFigure(
    labels,
    {
      title: "Least and most anomalous images",
      subtitle: `${images.name}, score: ${scoreDescription(scores)}`,
      blocks: [
        { heading: "Least anomalous", shown: least },
        { heading: "Most anomalous", shown: most },
      ],
      mostColumns: 4,
      captions: options.captions,
      alt:
        `${formatCount(least.length, "image")} with the lowest scores${anomalies(least)}; ` +
        `${formatCount(most.length, "image")} with the highest${anomalies(most)}`,
    },
    options,
  );
}
