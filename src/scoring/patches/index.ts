export { Heatmap, type HeatmapInit } from "./heatmap.js";
export { PatchBank, type PatchBankOptions, type PatchScoreOptions } from "./patch-bank.js";
export { type PatchMap, PatchScores, type PatchScoresInit } from "./patch-scores.js";
