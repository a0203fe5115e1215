import "./renderers.js";

export type { ComparedScores, CompareOptions } from "./compared-scores.js";
export { Figure } from "./figure.js";
export type { CaptionPart } from "./image-labels.js";
export type { FigureOptions, TitleOptions } from "./layout.js";
export type { PlotlyObject } from "./plain-json.js";
export {
  type NamedFigures,
  type PlotAucByClassOptions,
  plotAucByClass,
} from "./plot-auc-by-class.js";
export { type AucCurve, type PlotAucByKOptions, plotAucByK } from "./plot-auc-by-k.js";
export { type PlotAucCurvesOptions, plotAucCurves, type ReferenceArea } from "./plot-auc-curves.js";
export { type PlotClassesOptions, plotClasses } from "./plot-classes.js";
export { type PlotExtremesOptions, plotExtremes } from "./plot-extremes.js";
export { type FalseAlarmCurve, plotFalseAlarms } from "./plot-false-alarms.js";
export { type PlotFeaturesOptions, plotFeatures } from "./plot-features.js";
export { type Gain, type PlotGainOptions, plotGain } from "./plot-gain.js";
export { type PlotHeatmapOptions, plotHeatmap } from "./plot-heatmap.js";
export { plotImage } from "./plot-image.js";
export { type ImageOrder, type PlotImagesOptions, plotImages } from "./plot-images.js";
export { plotLearningCurve } from "./plot-learning-curve.js";
export { type PlotNeighborsOptions, plotNeighbors } from "./plot-neighbors.js";
export { plotPValues } from "./plot-p-values.js";
export { plotPrecisionRecall } from "./plot-precision-recall.js";
export { type PlotRecordOptions, plotRecord } from "./plot-record.js";
export { plotRoc } from "./plot-roc.js";
export { type PlotScoresOptions, plotScores } from "./plot-scores.js";
export { plotStabilityByK } from "./plot-stability-by-k.js";
export type { ScoreInput } from "./score-input.js";
