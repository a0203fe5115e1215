export { keptAfterCleaning } from "./cleaning.js";
export { type ContaminationOptions, ContaminationPool } from "./contamination.js";
export { makeGroups, type Pooling, poolGroups, poolings } from "./groups.js";
export {
  type DistanceKind,
  type ScoreOptions,
  type ScoreStatistic,
  Scores,
  type ScoresInit,
} from "./scores.js";
export { anomaliesForRate, removedCount } from "./shares.js";
