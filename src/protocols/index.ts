export { type AblationOptions, type AblationSubject, ablationSubjects } from "./ablation.js";
export { checkRecord, compareRecords, type RecordCheck } from "./check-record.js";
export type { ClassFigures, ClassResult, Interval, Measured } from "./class-figures.js";
export { type ContaminationCurveOptions, contamination } from "./contamination.js";
export type { Curve, CurvePoint, CurveResult } from "./curves.js";
export type { ExperimentOptions } from "./experiments.js";
export { type FewImagesOptions, fewImages } from "./few-images.js";
export { type GroupRule, type GroupsOptions, groups } from "./groups/groups.js";
export type { ProtocolOptions } from "./inputs.js";
export { type KMeansCentersOptions, kMeansCenters } from "./kmeans-centers.js";
export { multimodal } from "./multimodal.js";
export { type NeighborsCurveOptions, neighborsCurve } from "./neighbors-curve.js";
export type { Normalization } from "./normalization.js";
export type { FoundPlaces, PatchesOptions } from "./patches/patches.js";
export { type PublishedFigure, publishedFigure, publishedFigures, publishedStatement } from "./published.js";
export { runExperiment } from "./run.js";
export {
  type CurveContent,
  type ExperimentName,
  experimentNames,
  type LeakSummary,
  type RunContent,
  type TableContent,
} from "./run-content.js";
export type { RunOptions } from "./run-options.js";
export { RunRecord, runRecordMime } from "./run-record.js";
export { type SupportedK, supportedK } from "./supported-k.js";
export { type ClassFigureOptions, type UnimodalOptions, type UnimodalResult, unimodal } from "./unimodal.js";
