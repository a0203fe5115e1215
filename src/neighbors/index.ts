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
