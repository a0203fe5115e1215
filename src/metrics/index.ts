export { type RocAucIntervals, rocAucByK, rocAucIntervalsByK } from "./by-k.js";
export {
  compareRocAuc,
  type IntervalOptions,
  type RocAucComparison,
  type RocAucInterval,
  rocAucInterval,
} from "./delong.js";
export type { AnomalyLabels } from "./labelled-scores.js";
export { averagePrecision, type PrecisionRecallCurve, precisionRecallCurve } from "./precision-recall.js";
export { type RocCurve, rocAuc, rocCurve } from "./roc.js";
export { type RocBand, type RocBandOptions, rocBand } from "./roc-band.js";
