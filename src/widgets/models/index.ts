export { type CompactData, compactData } from "./compact.js";
export {
  type ContaminationData,
  type ContaminationDataOptions,
  contaminationData,
} from "./contamination/data.js";
export { createModel } from "./create-model.js";
export { type ExplainOptions, explainData } from "./explain/data.js";
export { type ExploreData, type ExploreOptions, exploreData } from "./explore/data.js";
export { type GroupsData, type GroupsDataOptions, groupsData } from "./groups/data.js";
export type { ImageNames, ImageOptions } from "./image-names.js";
