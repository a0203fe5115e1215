import { checkOptions } from "../core/options.js";
import { publishedFigures } from "../protocols/published.js";
import { featuresOf, type RunContent } from "../protocols/run-content.js";
import type { Figure } from "./figure.js";
import { type FigureOptions, figureOptionKeys } from "./layout.js";
import { plotAucByClass } from "./plot-auc-by-class.js";
import { plotAucCurves, type ReferenceArea } from "./plot-auc-curves.js";

/** Options of `plotRecord`. */
export interface PlotRecordOptions extends FigureOptions {
  /** Records of the same experiment to draw beside it; of experiments with one figure a class. */
  readonly compare?: readonly { readonly content: RunContent }[];
}

/**
 * The figure of a run record: classes or curves with their 95 % intervals, and published figures as diamonds. Beside curves
 * stands what is published of the unimodal experiment, with all training images.
 *
 * @param record - what `runExperiment` returned
 * @param options - see PlotRecordOptions
 * @returns the figure
 * @throws RangeError when the record holds no figures, or a compared one has other classes
 */
export function plotRecord(
  record: { readonly content: RunContent },
  options: PlotRecordOptions = {},
): Figure {
  checkOptions("plotRecord", options, [...figureOptionKeys, "compare"]);
  const { compare = [], ...given } = options;
  const { content } = record;
  const { experiment, dataset, rocAuc, varied } = content;
  const described = { ...headingOf(content, compare.length > 0), ...given };
  if (rocAuc) {
    return plotAucByClass(rocAuc, {
      ...described,
      name: featuresOf(content),
      compare: compare.flatMap((other) =>
        other.content.rocAuc ? [{ name: featuresOf(other.content), figures: other.content.rocAuc }] : [],
      ),
      references: published(experiment, dataset.name),
    });
  }
  if (!varied) throw new RangeError("plotRecord needs a record with figures; this one has none");
  const references = experiment === "groups" ? [] : published("unimodal", dataset.name).slice(0, 1);
  return plotAucCurves(varied, { ...described, references });
}

function headingOf(content: RunContent, several: boolean): FigureOptions {
  const { experiment, dataset, k, distance } = content;
  const { train, test, name } = dataset;
  const neighbors = experiment === "k" ? "" : `, k = ${k}`;
  const vary = content.options?.vary;
  const features = several || vary === "extractor" ? "" : `${featuresOf(content)} features; `;
  return {
    title: `${experiment}${vary ? ` of ${subjects[String(vary)] ?? vary}` : ""} on ${name}`,
    subtitle: `${features}${train} training and ${test} test images${neighbors}, ${distance} distance; 95 % intervals`,
  };
}

/** What an ablation varies, in words. */
const subjects: Readonly<Record<string, string>> = {
  extractor: "the network",
  layer: "the layer",
  inputSize: "the input size",
  normalize: "normalisation",
  distance: "the distance",
};

function published(experiment: string, dataset: string): ReferenceArea[] {
  return publishedFigures(experiment, dataset).map(({ method, extractor, rocAuc, source }) => {
    const network = method === "DN2" ? ` (${extractor})` : "";
    return {
      name: `${method}${network}`,
      note: `paper${/unverified/.test(source) ? ", unverified" : ""}`,
      value: rocAuc,
    };
  });
}
