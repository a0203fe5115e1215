export { FeatureFileIndex, type FeatureFileOptions } from "./feature-file-index.js";
export { KMeansIndex, type KMeansIndexInit, type KMeansOptions } from "./kmeans/kmeans-index.js";
export { NeighborIndex, type SearchOptions } from "./neighbor-index.js";
export {
  type DistanceKind,
  type Neighbor,
  NeighborTable,
  type NeighborTableInit,
  type NeighborTableJson,
  type ScoreOptions,
  type ScoreStatistic,
} from "./neighbor-table.js";
export type { SearchMethod } from "./search/search.js";
export { searchParts } from "./search-parts.js";
