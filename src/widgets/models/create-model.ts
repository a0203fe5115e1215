import type { ExplorerData, ExplorerModel } from "../explorer-model.js";
import type { ContaminationData } from "./contamination/data.js";
import { contaminationModel } from "./contamination/model.js";
import { explainModel } from "./explain/model.js";
import type { ExploreData } from "./explore/data.js";
import { exploreModel } from "./explore/model.js";
import type { GroupsData } from "./groups/data.js";
import { groupsModel } from "./groups/model.js";

/**
 * The model of an explorer.
 *
 * @param data - what a data maker of this folder made, perhaps after a way through JSON
 * @returns the model that reads it
 * @throws RangeError when its kind is not known
 */
export function createModel(data: ExplorerData): ExplorerModel {
  switch (data.kind) {
    case "explore":
      return exploreModel(data as ExploreData);
    case "explain":
      return explainModel(data as ExploreData);
    case "contamination":
      return contaminationModel(data as ContaminationData);
    case "groups":
      return groupsModel(data as GroupsData);
    default:
      throw new RangeError(
        `unknown kind of explorer: ${data.kind}; known are explore, explain, contamination and groups`,
      );
  }
}
