export {
  type Agreement,
  type DistillationContent,
  type DistillationReport,
  type DistillExtractorOptions,
  DistilledExtractor,
  distillExtractor,
  LearningCurve,
  type LearningCurvePoint,
  type ReportRow,
  type StudentStart,
} from "./own-extractor/index.js";
