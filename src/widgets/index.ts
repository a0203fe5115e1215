export { type ExplainScoreOptions, explainScore } from "./explain-score.js";
export { type ExploreOptions, explore, TableExplorer } from "./explore.js";
export { type ExploreContaminationOptions, exploreContamination } from "./explore-contamination.js";
export { type ExploreGroupsOptions, exploreGroups } from "./explore-groups.js";
export { Explorer, type ExplorerParts, type ParamInput } from "./explorer.js";
export type {
  ChoiceControl,
  Control,
  Drag,
  ExplorerData,
  ExplorerModel,
  ExplorerView,
  FigureMark,
  FigureSpec,
  Gallery,
  Readout,
  Settings,
  SliderControl,
  Tile,
} from "./explorer-model.js";
export { Param, type ParamListener, type ParamOptions } from "./param.js";
export type { ExplorerImages } from "./thumbnails.js";
