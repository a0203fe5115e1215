export { rocAucByK } from "./by-k.js";
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
