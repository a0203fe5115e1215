export { type RocAucIntervals, rocAucByK, rocAucIntervalsByK } from "./by-k.js";
export {
  compareRocAuc,
  type IntervalOptions,
  type RocAucComparison,
  type RocAucInterval,
  rocAucInterval,
} from "./delong.js";
export { type FalsePositiveRateOptions, falsePositiveRateAt } from "./false-positive-rate.js";
export type { AnomalyLabels } from "./labelled-scores.js";
export { MeanRocAuc, type RocAucDifference } from "./mean-roc-auc.js";
export { averagePrecision, type PrecisionRecallCurve, precisionRecallCurve } from "./precision-recall.js";
export type { RankMeasures } from "./resampling.js";
export { type RocCurve, rocAuc, rocCurve } from "./roc.js";
export { type RocBand, type RocBandOptions, rocBand } from "./roc-band.js";
export { smallTestSetWarning, wideCurveWarning } from "./small-test-set.js";
export { type Spread, spreadOf } from "./spread.js";
