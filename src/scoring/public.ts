export {
  type CleanedTrainingSet,
  type CleaningOptions,
  cleanTrainingSet,
} from "./clean-training-set.js";
export { benjaminiHochberg, type Discoveries } from "./decisions/benjamini-hochberg.js";
export { Calibration, type CalibrationSource, type Threshold } from "./decisions/calibration.js";
export { type Decision, DecisionList, type DecisionOptions, decide } from "./decisions/decide.js";
export { calibrateByLeavingOneOut } from "./decisions/leave-one-out.js";
export { type EnsembleMember, ensembleScores } from "./ensemble.js";
export { type NeighborCounts, neighborCounts } from "./hubs.js";
export {
  anomaliesForRate,
  type ContaminationOptions,
  ContaminationPool,
  keptAfterCleaning,
  makeGroups,
  type Pooling,
  poolGroups,
  poolings,
  removedCount,
  Scores,
  type ScoresInit,
} from "./index.js";
export { checkLeaks, type Leak, type LeakOptions, LeakReport } from "./leak-check.js";
export {
  Heatmap,
  type HeatmapInit,
  PatchBank,
  type PatchBankOptions,
  type PatchMap,
  type PatchScoreOptions,
  PatchScores,
  type PatchScoresInit,
} from "./patches/index.js";
export { type StabilityByK, type StabilityOptions, stabilityByK } from "./stability.js";
