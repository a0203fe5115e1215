import { jupyterDisplay, type MimeBundle, setRenderer } from "../core/display.js";
import { messageOf } from "../core/errors.js";
import { DataSet } from "../datasets/data-set.js";
import { ImageSet } from "../datasets/image-set.js";
import { LearningCurve } from "../distillation/own-extractor/learning-curve.js";
import { Features } from "../extractors/features.js";
import { NeighborTable } from "../neighbors/neighbor-table.js";
import { Scores } from "../neighbors/scores.js";
import { Heatmap, PatchScores } from "../scoring/patches/index.js";
import type { Figure } from "./figure.js";
import { plainLine } from "./label.js";
import { formatNumber } from "./number-format.js";
import { type PlotClassesOptions, plotClasses } from "./plot-classes.js";
import { plotFeatures } from "./plot-features.js";
import { plotHeatmap } from "./plot-heatmap.js";
import { plotImages } from "./plot-images.js";
import { plotLearningCurve } from "./plot-learning-curve.js";
import { plotScores } from "./plot-scores.js";

/** A figure with the value's own line of text; text alone where no figure can be drawn, for example of a damaged file. */
async function figureOf(value: object, draw: () => Figure | Promise<Figure>): Promise<MimeBundle> {
  try {
    return { ...(await (await draw())[jupyterDisplay]()), "text/plain": plainLine(String(value)) };
  } catch (error) {
    return { "text/plain": `${plainLine(String(value))} (no picture: ${plainLine(messageOf(error))})` };
  }
}

function textOf(value: object): MimeBundle {
  return { "text/plain": plainLine(String(value)) };
}

function sheetOf(images: ImageSet, options: PlotClassesOptions): Promise<Figure> {
  const classes = images.classCounts().filter((count) => count > 0).length;
  return classes > 1 ? plotClasses(images, options) : plotImages(images, { captions: [], ...options });
}

/** Which of the shown images are anomalies, where the training images have only some of the classes. */
function anomaliesOf(data: DataSet, shown: ImageSet): Uint8Array | undefined {
  const normal = data.normalClasses.length;
  const some = normal > 0 && normal < data.classNames.length && !shown.labels.includes(-1);
  return some ? shown.isAnomaly(data.normalClasses) : undefined;
}

const rowsShown = 8;

/** A table in plain text: the ends of each row's neighbors. */
function tableOf(table: NeighborTable): string {
  const { n, kMax } = table;
  const header = ["image", "nearest", "squared distance", ...(kMax > 1 ? [`to neighbor ${kMax}`] : [])];
  const rows = Array.from({ length: Math.min(n, rowsShown) }, (_, i) => {
    const neighbors = table.neighbors(i);
    const last = neighbors[kMax - 1];
    const row = [
      plainLine(table.queryIds[i]),
      plainLine(neighbors[0].id),
      formatNumber(neighbors[0].squaredDistance, 4),
    ];
    return kMax > 1 ? [...row, formatNumber(last.squaredDistance, 4)] : row;
  });
  const widths = header.map((_, c) => Math.max(...[header, ...rows].map((row) => row[c].length)));
  const lines = [header, ...rows].map((row) =>
    row.map((text, c) => (c < 2 ? text.padEnd(widths[c]) : text.padStart(widths[c]))).join("  "),
  );
  const rest = n > rowsShown ? [`and ${n - rowsShown} more`] : [];
  return [String(table), "", ...lines, ...rest].join("\n");
}

setRenderer(ImageSet, (images) =>
  images.length === 0 ? textOf(images) : figureOf(images, () => sheetOf(images, {})),
);

setRenderer(DataSet, (data) => {
  const images = data.test.length > 0 ? data.test : data.train;
  const subtitle = `${String(data).replace(`${data.name}: `, "")}; shown: ${images === data.test ? "test" : "training"} images`;
  return images.length === 0
    ? textOf(data)
    : figureOf(data, () =>
        sheetOf(images, { title: data.name, subtitle, isAnomaly: anomaliesOf(data, images) }),
      );
});

setRenderer(Features, (features) =>
  features.n < 2 ? textOf(features) : figureOf(features, () => plotFeatures(features)),
);

setRenderer(Scores, (scores) =>
  scores.length === 0 ? textOf(scores) : figureOf(scores, () => plotScores(scores)),
);

setRenderer(Heatmap, (heatmap) => figureOf(heatmap, () => plotHeatmap(heatmap)));

const heatmapsShown = 5;

setRenderer(PatchScores, (scores) =>
  scores.length === 0
    ? textOf(scores)
    : figureOf(scores, async () => {
        const most = scores.scores().rank().subarray(0, heatmapsShown);
        const heatmaps = await Promise.all(Array.from(most, (i) => scores.heatmap(i)));
        const title = `The ${formatNumber(most.length)} most anomalous of ${formatNumber(scores.length)} images`;
        return plotHeatmap(heatmaps, { title });
      }),
);

setRenderer(NeighborTable, (table) => ({ "text/plain": tableOf(table) }));

setRenderer(LearningCurve, (curve) => figureOf(curve, () => plotLearningCurve(curve)));
