import { checkOptions, integerIn, oneOf } from "../core/options.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import type { Figure } from "./figure.js";
import { type CaptionPart, ImageLabels } from "./image-labels.js";
import { type TitleOptions, titleOptionKeys } from "./layout.js";
import { formatCount, formatNumber } from "./number-format.js";
import type { ScoreInput } from "./score-input.js";
import { sheetFigure } from "./sheet.js";

/** The order of images in a sheet. */
export type ImageOrder = "as given" | "most anomalous" | "least anomalous";

/** Options of `plotImages`. */
export interface PlotImagesOptions extends TitleOptions {
  /** One score an image, larger = more anomalous. */
  readonly scores?: ScoreInput;
  /** For each image whether it is an anomaly: colors the frames. */
  readonly isAnomaly?: AnomalyLabels;
  /** Default "most anomalous" with scores, else "as given". */
  readonly order?: ImageOrder;
  /** Lines below each image; default class and score where known. */
  readonly captions?: readonly CaptionPart[];
  /** Images a row; default as many as fit, at most 8. */
  readonly columns?: number;
  /** Largest number of images, from 1 to 200, default 24. */
  readonly limit?: number;
}

/**
 * A sheet of images with what is known of each.
 *
 * @param images - the images; only those shown are loaded
 * @param options - see PlotImagesOptions
 * @returns the figure
 * @throws RangeError when there is no image, scores or truth are not one an image, or an order by score has no scores
 */
export async function plotImages(images: ImageSet, options: PlotImagesOptions = {}): Promise<Figure> {
  checkOptions("plotImages", options, [
    ...titleOptionKeys,
    ...["scores", "isAnomaly", "order", "captions", "columns", "limit"],
  ]);
  if (images.length === 0)
    throw new RangeError(`plotImages needs at least one image; ${images.name} has none`);
  const labels = new ImageLabels("plotImages", images, options);
  const order = oneOf("order", options.order ?? (labels.scores ? "most anomalous" : "as given"), [
    "as given",
    "most anomalous",
    "least anomalous",
  ]);
  if (order !== "as given" && !labels.scores) throw new RangeError(`order "${order}" needs scores; got none`);
  const limit = integerIn("limit", options.limit ?? 24, 1, 200);
  const { columns, captions } = options;
  if (columns !== undefined) integerIn("columns", columns, 1, 100);
  const ranked = order === "as given" ? Array.from(images.labels.keys()) : labels.ranked();
  const shown = (order === "least anomalous" ? ranked.reverse() : ranked).slice(0, limit);
  const all = formatCount(images.length, "image");
  const number = formatNumber(shown.length);
  const which =
    shown.length === images.length
      ? all
      : order === "as given"
        ? `the first ${number} of ${all}`
        : `the ${number} ${order} of ${all}`;
  return sheetFigure(
    labels,
    {
      title: images.name,
      subtitle: which,
      blocks: [{ shown }],
      columns,
      mostColumns: 8,
      captions,
      alt: which,
    },
    options,
  );
}
