import { compareRocAuc } from "../../../metrics/delong.js";
import { formatCount, formatNumber } from "../../../plots/number-format.js";
import type { MaskedNeighbors } from "../../../scoring/masked-neighbors.js";
import type {
  Control,
  ExplorerModel,
  ExplorerView,
  Gallery,
  Readout,
  Settings,
  Tile,
} from "../../explorer-model.js";
import { explainModel } from "../explain/model.js";
import type { ExploreData } from "../explore/data.js";
import { gallerySize, rocOf } from "../explore/judged-scores.js";
import { kControl } from "../explore/variants.js";
import { areaReadout } from "../figures/area-text.js";
import { aucRange } from "../figures/auc-line.js";
import { kindColors } from "../figures/frame.js";
import { scoreHistogram } from "../figures/histogram.js";
import { numberSetting } from "../fit.js";
import { shortName, tileName } from "../image-names.js";
import { largest } from "../select-extreme.js";
import { CleanedSets } from "./cleaned-sets.js";
import type { ContaminationData } from "./data.js";
import {
  areaOf,
  aucByRate,
  type Chosen,
  nearest,
  type Removed,
  rocOfBoth,
  type TestScores,
  type TrainingScores,
  trainingHistogram,
} from "./figures.js";

/**
 * The explorer of a contaminated training set: how the anomalies in it spoil the scores, and how cleaning mends them.
 *
 * @param data - what `contaminationData` made
 * @returns the model
 */
export function contaminationModel(data: ContaminationData): ExplorerModel {
  return new ContaminationModel(data);
}

class ContaminationModel implements ExplorerModel {
  readonly title: string;
  readonly controls: readonly Control[];
  readonly defaults: Settings;
  readonly #data: ContaminationData;
  readonly #sets: CleanedSets;
  readonly #test: MaskedNeighbors;
  readonly #yRange: readonly [number, number];
  readonly #kept = new Map<string, { key: string; value: unknown }>();

  constructor(data: ContaminationData) {
    const { rates, cleaned, kMax } = data;
    this.title = data.title;
    this.#data = data;
    this.#sets = new CleanedSets(data);
    this.#test = this.#sets.lists(data.test);
    this.#yRange = aucRange(data.areas);
    const share = (name: string, label: string, values: readonly number[]): Control => ({
      type: "slider",
      name,
      label,
      min: 0,
      max: values[values.length - 1],
      step: values[1] ?? 1,
      format: "percent",
    });
    this.controls = [
      share("rate", "contamination rate", rates),
      share("cleaned", "cleaned fraction", cleaned),
      kControl(kMax),
    ];
    this.defaults = {
      rate: nearest(rates, 0.1),
      cleaned: nearest(cleaned, 0.5),
      k: Math.min(2, kMax),
    };
  }

  view(settings: Settings): ExplorerView {
    const chosen = this.#read(settings);
    const { rate, cleaned, k } = chosen;
    const training = this.#training(rate, k);
    const mask = this.#sets.mask(rate, cleaned, k);
    const plain = this.#scores("plain", { rate, cleaned: 0, k });
    const mended = cleaned === 0 ? plain : this.#scores("cleaned", chosen);
    const removed = this.#countRemoved(mask, rate);
    return {
      readouts: this.#readouts(chosen, plain, mended, removed),
      figures: [
        aucByRate(this.#data, chosen, this.#yRange),
        rocOfBoth(this.#data, chosen, plain, mended),
        trainingHistogram(this.#data, chosen, training, mask, removed),
      ],
      galleries: this.#galleries(training, mask, removed),
      notes: this.#notes(),
    };
  }

  explain(tile: Tile, settings: Settings): ExplorerModel | undefined {
    const { rate, k } = this.#read(settings);
    const size = this.#sets.size(rate);
    if (tile.set !== "train" || tile.index >= size) return undefined;
    const { kMax, normals, level, images } = this.#data;
    const distances = new Float32Array(size * kMax);
    const indices = new Int32Array(size * kMax);
    for (let i = 0; i < size; i++) {
      this.#sets.neighbors(i, rate, kMax).forEach(({ index, squaredDistance }, j) => {
        distances[i * kMax + j] = squaredDistance;
        indices[i * kMax + j] = index;
      });
    }
    const data: ExploreData = {
      kind: "explain",
      title: "Why this score inside the training set",
      kMax,
      trainCount: size,
      distances,
      indexWidth: kMax,
      indices,
      ...(size > normals
        ? { isAnomaly: Uint8Array.from({ length: size }, (_, i) => Number(i >= normals)) }
        : {}),
      level,
      images,
      image: tile.index,
      querySet: "train",
    };
    return explainModel(data, { k });
  }

  #read(settings: Settings): Chosen {
    const { rates, cleaned } = this.#data;
    return {
      rate: nearest(rates, numberSetting(this, settings, "rate")),
      cleaned: nearest(cleaned, numberSetting(this, settings, "cleaned")),
      k: numberSetting(this, settings, "k"),
    };
  }

  /** Keeps the last value of each kind, since most moves change only a part. */
  #remember<T>(kind: string, key: string, make: () => T): T {
    const known = this.#kept.get(kind);
    if (known?.key === key) return known.value as T;
    const value = make();
    this.#kept.set(kind, { key, value });
    return value;
  }

  #training(rate: number, k: number): TrainingScores {
    return this.#remember("training", `${rate},${k}`, () => {
      const values = this.#sets.trainingScores(rate, k);
      const { normals } = this.#data;
      const kinds = [
        {
          name: "normal",
          color: kindColors.normal,
          values: values.subarray(0, normals),
          wrong: "above" as const,
        },
        {
          name: "anomaly",
          color: kindColors.anomaly,
          values: values.subarray(normals),
          wrong: "below" as const,
        },
      ];
      const description = `mean squared distance to ${k} nearest`;
      return { values, ascending: values.slice().sort(), histogram: scoreHistogram(kinds, description) };
    });
  }

  #scores(kind: "plain" | "cleaned", { rate, cleaned, k }: Chosen): TestScores {
    return this.#remember(kind, `${rate},${cleaned},${k}`, () => {
      const { values } = this.#test.scores(this.#sets.mask(rate, cleaned, k), k);
      return { values, ...rocOf(values, this.#data.isAnomaly, this.#data.level) };
    });
  }

  #countRemoved(mask: Uint8Array, rate: number): Removed {
    const { normals } = this.#data;
    const size = this.#sets.size(rate);
    const removed = { normals: 0, anomalies: 0, allNormals: normals, allAnomalies: size - normals };
    for (let i = 0; i < size; i++) {
      if (mask[i] === 1) continue;
      if (i < normals) removed.normals++;
      else removed.anomalies++;
    }
    return removed;
  }

  #readouts(chosen: Chosen, plain: TestScores, mended: TestScores, removed: Removed): Readout[] {
    const { level, isAnomaly } = this.#data;
    const before = areaOf(this.#data, { ...chosen, cleaned: 0 });
    const after = areaOf(this.#data, chosen);
    const difference = after.rocAuc - before.rocAuc;
    const both = Math.min(plain.sorted.normal.length, plain.sorted.anomalous.length) > 1;
    const compared =
      both && mended !== plain
        ? this.#remember("difference", Object.values(chosen).join(), () =>
            compareRocAuc(mended.values, plain.values, isAnomaly, { level }),
          )
        : undefined;
    return [
      { label: "ROCAUC as it is", ...areaReadout(before, level) },
      { label: "ROCAUC cleaned", ...areaReadout(after, level) },
      {
        label: "gain",
        value: `${signed(difference)} points`,
        ...(compared
          ? { detail: `${signed(compared.low)} to ${signed(compared.high)} points, paired (DeLong)` }
          : {}),
      },
      {
        label: "training images",
        value: formatNumber(removed.allNormals + removed.allAnomalies),
        detail: `${formatCount(removed.allNormals, "normal image")} and ${formatCount(removed.allAnomalies, "anomaly", "anomalies")}`,
      },
      {
        label: "removed",
        value: formatNumber(removed.normals + removed.anomalies),
        detail: `${of(removed.anomalies, removed.allAnomalies)} anomalies, ${of(removed.normals, removed.allNormals)} normal images`,
      },
    ];
  }

  #galleries({ values }: TrainingScores, mask: Uint8Array, removed: Removed): Gallery[] {
    const { normals, images } = this.#data;
    const tiles = (accept: (i: number) => boolean) =>
      largest(values, gallerySize, accept).map(
        (index): Tile => ({
          set: "train",
          index,
          caption: `${shortName(images, "train", index)} · ${formatNumber(values[index])}`,
          ...tileName(images, "train", index),
          frame: index < normals ? "normal" : "anomaly",
        }),
      );
    return [
      {
        name: "removedAnomalies",
        title: `Anomalies removed: ${of(removed.anomalies, removed.allAnomalies)}`,
        tiles: tiles((i) => i >= normals && mask[i] === 0),
        empty: removed.allAnomalies === 0 ? "no anomaly in the training set" : "no anomaly was removed",
      },
      {
        name: "removedNormals",
        title: `Normal images removed: ${of(removed.normals, removed.allNormals)}`,
        tiles: tiles((i) => i < normals && mask[i] === 0),
        empty: "no normal image was removed",
      },
      {
        name: "keptAnomalies",
        title: `Anomalies that stay: ${of(removed.allAnomalies - removed.anomalies, removed.allAnomalies)}`,
        tiles: tiles((i) => i >= normals && mask[i] === 1),
        empty: "no anomaly stays",
      },
    ];
  }

  #notes(): string[] {
    const { allTest, isAnomaly } = this.#data;
    return allTest === undefined
      ? []
      : [
          `curves and the gain's interval are those of ${formatNumber(isAnomaly.length)} of ${formatNumber(allTest)} test images, kept to stay small; ROCAUC is that of all`,
        ];
  }
}

function of(part: number, all: number): string {
  const share = all > 0 ? ` (${((100 * part) / all).toFixed(1)} %)` : "";
  return `${formatNumber(part)} of ${formatNumber(all)}${share}`;
}

/** A difference of fractions in percentage points. */
function signed(difference: number): string {
  return `${difference < 0 ? "−" : "+"}${(100 * Math.abs(difference)).toFixed(1)}`;
}
