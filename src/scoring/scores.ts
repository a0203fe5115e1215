// Larger = more anomalous: the one direction of all scores.
export type { DistanceKind, ScoreOptions, ScoreStatistic } from "../neighbors/neighbor-table.js";
export { Scores, type ScoresInit } from "../neighbors/scores.js";
