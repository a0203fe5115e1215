import { type DistanceKind, NeighborTable, type ScoreStatistic } from "../../../neighbors/neighbor-table.js";
import type { Scores } from "../../../neighbors/scores.js";
import type { ChoiceControl, Settings, SliderControl } from "../../explorer-model.js";
import { choiceSetting, numberSetting } from "../fit.js";
import type { ExploreData } from "./data.js";
import { distanceControl, kControl, statisticControl } from "./variants.js";

/** How scores are made, as the controls say. */
export interface ScoreSettings {
  readonly k: number;
  readonly distance: DistanceKind;
  readonly statistic: ScoreStatistic;
}

/** The controls that say how scores are made, their defaults, and the scores. */
export class TableView {
  /** Ground truth, where known. */
  readonly isAnomaly: Uint8Array | undefined;
  /** Number of test images. */
  readonly n: number;
  readonly controls: readonly (SliderControl | ChoiceControl)[];
  readonly defaults: Settings;
  readonly #data: ExploreData;
  readonly #table: NeighborTable;

  /** @param data - a table of neighbors */
  constructor(data: ExploreData) {
    const { kMax, indexWidth, indices, distances, trainCount } = data;
    this.n = distances.length / kMax;
    this.isAnomaly = data.isAnomaly;
    this.#data = data;
    this.controls = [kControl(kMax), distanceControl, statisticControl];
    this.defaults = { k: Math.min(2, kMax), distance: "squared", statistic: "mean" };
    const wide = new Int32Array(this.n * kMax).fill(-1);
    for (let i = 0; i < this.n; i++) {
      for (let j = 0; j < indexWidth; j++) wide[i * kMax + j] = indices[i * indexWidth + j];
    }
    this.#table = new NeighborTable({
      kMax,
      distances: Float64Array.from(distances),
      indices: wide,
      queryIds: new Array<string>(this.n).fill(""),
      trainIds: new Array<string>(trainCount).fill(""),
    });
  }

  /**
   * @param settings - values as they come
   * @returns valid values
   */
  read(settings: Settings): ScoreSettings {
    return {
      k: numberSetting(this, settings, "k"),
      distance: choiceSetting(this, settings, "distance"),
      statistic: choiceSetting(this, settings, "statistic"),
    };
  }

  /**
   * @param settings - how they are made
   * @returns one score an image
   */
  scores({ k, distance, statistic }: ScoreSettings): Scores {
    return this.#table.scores(k, { distance, statistic });
  }

  /**
   * @param image - position of a test image
   * @param count - how many
   * @returns its nearest training images with squared distances; index -1 where the row was not kept
   */
  neighbors(image: number, count: number): { readonly index: number; readonly squaredDistance: number }[] {
    return this.#table.neighbors(image, Math.min(count, this.#data.kMax));
  }
}
