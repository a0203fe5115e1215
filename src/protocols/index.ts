export { type PublishedFigure, publishedFigure } from "./published.js";
export { experimentNames, type RunOptions, runExperiment } from "./run.js";
export { type RunContent, RunRecord } from "./run-record.js";
export { type ClassResult, type UnimodalOptions, type UnimodalResult, unimodal } from "./unimodal.js";
