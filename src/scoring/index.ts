export { makeGroups, type Pooling, poolGroups, poolings } from "./groups.js";
export {
  type DistanceKind,
  type ScoreOptions,
  type ScoreStatistic,
  Scores,
  type ScoresInit,
} from "./scores.js";
