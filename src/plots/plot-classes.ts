import { checkOptions, integerIn } from "../core/options.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import type { Figure } from "./figure.js";
import { ImageLabels } from "./image-labels.js";
import { type TitleOptions, titleOptionKeys } from "./layout.js";
import { formatCount, formatNumber } from "./number-format.js";
import { sheetFigure } from "./sheet.js";

/** Options of `plotClasses`. */
export interface PlotClassesOptions extends TitleOptions {
  /** Images of each class, from 1 to 50; default 4, with more than 6 classes 3. */
  readonly perClass?: number;
  /** For each image whether it is an anomaly: colors the frames. */
  readonly isAnomaly?: AnomalyLabels;
  /** Largest number of classes, from 1 to 50, default 12. */
  readonly limit?: number;
}

/**
 * The first images of every class under the name of the class.
 *
 * @param images - images with classes; only those shown are loaded
 * @param options - see PlotClassesOptions
 * @returns the figure
 * @throws RangeError when no image has a class
 */
export async function plotClasses(images: ImageSet, options: PlotClassesOptions = {}): Promise<Figure> {
  checkOptions("plotClasses", options, [...titleOptionKeys, "perClass", "isAnomaly", "limit"]);
  const limit = integerIn("limit", options.limit ?? 12, 1, 50, "classes");
  const counts = images.classCounts();
  const present = Array.from(counts.keys()).filter((c) => counts[c] > 0);
  if (present.length === 0)
    throw new RangeError(`plotClasses needs images with classes; ${images.name} has none`);
  const fewer = Math.min(present.length, limit) > 6;
  const perClass = integerIn("perClass", options.perClass ?? (fewer ? 3 : 4), 1, 50, "images of each class");
  const blocks = present.slice(0, limit).map((c) => ({
    heading: `${images.classNames[c]} (${formatNumber(counts[c])})`,
    shown: firstOfClass(images.labels, c, perClass),
  }));
  const all = formatCount(present.length, "class", "classes");
  const which = `${formatCount(images.length, "image")}, ${present.length > limit ? `the first ${limit} of ${all}` : all}`;
  return sheetFigure(
    new ImageLabels("plotClasses", images, { isAnomaly: options.isAnomaly }),
    {
      title: images.name,
      subtitle: which,
      blocks,
      blockColumns: Math.min(blocks.length, perClass <= 3 ? 3 : perClass <= 4 ? 2 : 1),
      mostColumns: 10,
      side: 60,
      captions: [],
      alt: `${which}; ${blocks.map((block) => block.heading).join(", ")}`,
    },
    options,
  );
}

function firstOfClass(labels: Int32Array, wanted: number, count: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < labels.length && found.length < count; i++) if (labels[i] === wanted) found.push(i);
  return found;
}
