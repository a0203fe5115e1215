export type { DistillationContent, DistillationReport, ReportRow } from "./content.js";
export { distillExtractor } from "./distill-extractor.js";
export { DistilledExtractor } from "./distilled-extractor.js";
export type { Agreement } from "./judge.js";
export { describePoint, LearningCurve, type LearningCurvePoint } from "./learning-curve.js";
export type { DistillExtractorOptions, StudentStart } from "./options.js";
