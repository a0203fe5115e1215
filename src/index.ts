export { Displayable, escapeHtml, jupyterDisplay, type MimeBundle } from "./core/display.js";
export { Aborted, DataError } from "./core/errors.js";
export type { Image, ImageSource } from "./core/image.js";
export {
  formatProgress,
  type ProgressListener,
  ProgressMeter,
  type ProgressState,
  setProgressListener,
} from "./core/progress.js";
export { Random } from "./core/random.js";
export {
  type ClassChoice,
  DataSet,
  type DataSetParts,
  dataSetNames,
  type FolderOptions,
  folderDataSet,
  type ImageBacking,
  type ImageFolder,
  ImageSet,
  type LoadOptions,
  loadDataSet,
  readFolder,
} from "./datasets/index.js";
export { type EngineName, type EngineStatus, engineNames, engineReport } from "./engines/index.js";
export {
  type BadImage,
  type ExtractOptions,
  Extractor,
  type ExtractorOptions,
  extractorNames,
  Features,
  loadExtractor,
  type NpyArray,
  type NpyData,
  type Provenance,
  readNpy,
  writeFeatures,
  writeNpy,
} from "./extractors/index.js";
export {
  type DecodeOptions,
  decodeImage,
  describePreparation,
  encodePng,
  loadImage,
  type Preparation,
  type PreparedImage,
  prepare,
  type ResizeFilter,
  readImage,
  resize,
  toTensor,
} from "./images/index.js";
export {
  type AnomalyLabels,
  averagePrecision,
  type PrecisionRecallCurve,
  precisionRecallCurve,
  type RocCurve,
  rocAuc,
  rocAucByK,
  rocCurve,
} from "./metrics/index.js";
export {
  type DistanceKind,
  type Neighbor,
  NeighborIndex,
  NeighborTable,
  type NeighborTableInit,
  type NeighborTableJson,
  type ScoreOptions,
  type ScoreStatistic,
  type SearchOptions,
} from "./neighbors/index.js";
export {
  type ClassResult,
  experimentNames,
  type PublishedFigure,
  publishedFigure,
  type RunContent,
  type RunOptions,
  RunRecord,
  runExperiment,
  type UnimodalOptions,
  type UnimodalResult,
  unimodal,
} from "./protocols/index.js";
export { makeGroups, type Pooling, poolGroups, poolings, Scores, type ScoresInit } from "./scoring/index.js";
