import { formatCount, formatNumber } from "../../../plots/number-format.js";
import type {
  Control,
  ExplorerModel,
  ExplorerView,
  FigureSpec,
  Gallery,
  Readout,
  Settings,
  SliderControl,
  Tile,
} from "../../explorer-model.js";
import { explainModel, explainTitle } from "../explain/model.js";
import { areaReadout, areaText } from "../figures/area-text.js";
import { aucFigure, aucRange } from "../figures/auc-line.js";
import { kindColors } from "../figures/frame.js";
import { histogramFigure } from "../figures/histogram.js";
import { rocFigure } from "../figures/roc.js";
import { numberSetting } from "../fit.js";
import { shortName, tileName } from "../image-names.js";
import type { ExploreData } from "./data.js";
import { type JudgedScores, judge } from "./judged-scores.js";
import { type ScoreSettings, TableView } from "./table-view.js";
import { countBelow, shareFor, thresholdFor } from "./threshold.js";
import { variantOf } from "./variants.js";

const usualFalseAlarms = 0.05;

const calledControl: SliderControl = {
  type: "slider",
  name: "called",
  label: "called anomalous",
  min: 0,
  max: 1,
  step: 0.001,
  format: "percent",
};

/**
 * The explorer of a table of neighbors: k, distance and threshold, and what they do to scores, ROC curve and errors.
 *
 * @param data - what `exploreData` made
 * @returns the model
 */
export function exploreModel(data: ExploreData): ExplorerModel {
  return new ExploreModel(data);
}

class ExploreModel implements ExplorerModel {
  readonly title: string;
  readonly controls: readonly Control[];
  readonly defaults: Settings;
  readonly #data: ExploreData;
  readonly #view: TableView;
  readonly #noun: "image" | "group";
  #kept: { readonly key: string; readonly judged: JudgedScores } | undefined;

  constructor(data: ExploreData) {
    this.#data = data;
    this.#noun = data.noun ?? "image";
    this.#view = new TableView(data);
    this.title = data.title;
    this.controls = [...this.#view.controls, calledControl];
    const { ascending, judged } = this.#judged(this.#view.read({}));
    const share = judged
      ? shareFor(ascending, thresholdFor(judged.sorted.normal, usualFalseAlarms))
      : usualFalseAlarms;
    this.defaults = {
      ...this.#view.defaults,
      called: Math.round(share / calledControl.step) * calledControl.step,
    };
  }

  view(settings: Settings): ExplorerView {
    const scoring = this.#view.read(settings);
    const all = this.#judged(scoring);
    const threshold = thresholdFor(all.ascending, numberSetting(this, settings, "called"));
    const errors = all.judged && errorsAt(all.judged.sorted, threshold);
    return {
      readouts: this.#readouts(scoring, all, threshold, errors),
      figures: this.#figures(scoring, all, threshold, errors),
      galleries: this.#galleries(all, threshold, errors),
      notes: [],
    };
  }

  explain(tile: Tile, settings: Settings): ExplorerModel | undefined {
    if (tile.set !== "test") return undefined;
    const data: ExploreData = { ...this.#data, kind: "explain", title: explainTitle, image: tile.index };
    return explainModel(data, { ...this.#view.read(settings) }, this.#view);
  }

  #judged(scoring: ScoreSettings): JudgedScores {
    const key = Object.values(scoring).join();
    if (this.#kept?.key !== key) {
      const { isAnomaly } = this.#view;
      this.#kept = {
        key,
        judged: judge(this.#view.scores(scoring), isAnomaly, this.#data.level, this.#noun),
      };
    }
    return this.#kept.judged;
  }

  #readouts(
    scoring: ScoreSettings,
    all: JudgedScores,
    threshold: number,
    errors: Errors | undefined,
  ): Readout[] {
    const { n } = this.#view;
    const called = n - countBelow(all.ascending, threshold);
    const calledOut = {
      label: "threshold",
      value: formatNumber(threshold),
      detail: `${formatCount(called, this.#noun)} of ${formatNumber(n)} called anomalous (${share(called, n)})`,
    };
    if (!errors) return [calledOut];
    return [
      { label: "ROCAUC", ...areaReadout(this.#area(scoring), this.#data.level) },
      calledOut,
      {
        label: "false alarms",
        value: formatNumber(errors.falseAlarms),
        detail: `${share(errors.falseAlarms, errors.normals)} of ${formatCount(errors.normals, `normal ${this.#noun}`)}`,
      },
      {
        label: "misses",
        value: formatNumber(errors.misses),
        detail: `${share(errors.misses, errors.anomalies)} of ${this.#anomalies(errors.anomalies)}`,
      },
    ];
  }

  #anomalies(count: number): string {
    return this.#noun === "image"
      ? formatCount(count, "anomaly", "anomalies")
      : formatCount(count, `anomalous ${this.#noun}`);
  }

  #area({ k, distance, statistic }: ScoreSettings): { rocAuc: number; low: number; high: number } {
    const curve = this.#data.curves?.[variantOf(distance, statistic)];
    const at = (values: ArrayLike<number> | undefined) => values?.[k - 1] ?? Number.NaN;
    return { rocAuc: at(curve?.rocAuc), low: at(curve?.low), high: at(curve?.high) };
  }

  #figures(
    scoring: ScoreSettings,
    all: JudgedScores,
    threshold: number,
    errors: Errors | undefined,
  ): FigureSpec[] {
    const histogram = histogramFigure(all.histogram, threshold, {
      name: "scores",
      title: "Anomaly scores",
      mark: `threshold ${formatNumber(threshold)}`,
      drag: { setting: "called", value: (x) => shareFor(all.ascending, x) },
      alt: errors
        ? `Scores of normal images and anomalies with a threshold at ${formatNumber(threshold)}: ${formatCount(errors.falseAlarms, "false alarm")}, ${formatCount(errors.misses, "miss", "misses")}`
        : `Scores of all images with a threshold at ${formatNumber(threshold)}`,
    });
    if (!all.judged || !errors) return [histogram];
    const area = areaText(this.#area(scoring).rocAuc);
    const roc = rocFigure(
      [{ ...all.judged.curve, color: kindColors.normal, label: `ROCAUC ${area}`, band: all.judged.band }],
      {
        at: { x: errors.falseAlarms / errors.normals, y: 1 - errors.misses / errors.anomalies },
        level: this.#data.level,
        alt: `ROC curve with ROCAUC ${area} at k = ${scoring.k}`,
      },
    );
    return [histogram, roc, this.#aucByK(scoring)];
  }

  #aucByK(scoring: ScoreSettings): FigureSpec {
    const { curves } = this.#data;
    const { rocAuc, low, high } = curves![variantOf(scoring.distance, scoring.statistic)];
    const k = Array.from(rocAuc, (_, i) => i + 1);
    const isLog = k.length > 12;
    const ends = isLog ? [0, Math.log10(k.length)] : [1, Math.max(2, k.length)];
    const room = 0.03 * (ends[1] - ends[0]);
    const ticks = isLog ? [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] : k;
    const value = areaText(rocAuc[scoring.k - 1]);
    return aucFigure([{ color: kindColors.normal, x: k, y: rocAuc, low, high }], {
      name: "auc",
      title: "ROCAUC against k",
      xTitle: "k (nearest normal images)",
      hover: "k = %{x}",
      xaxis: {
        type: isLog ? "log" : "linear",
        range: [ends[0] - room, ends[1] + room],
        tickvals: ticks.filter((tick) => tick <= k.length),
      },
      yRange: aucRange(
        Object.values(curves!).flatMap((curve) => [...curve.rocAuc, ...curve.low, ...curve.high]),
      ),
      mark: { x: scoring.k, text: `k = ${scoring.k}: ${value}` },
      alt: `ROCAUC against k from 1 to ${k.length}; ${value} at k = ${scoring.k}`,
    });
  }

  #galleries(all: JudgedScores, threshold: number, errors: Errors | undefined): Gallery[] {
    const most = {
      name: "most",
      title: "Most anomalous",
      tiles: all.most.map((i) => this.#tile(all, i)),
      empty: "no image",
    };
    if (!all.judged || !errors) {
      const tiles = all.least.map((i) => this.#tile(all, i));
      return [most, { name: "least", title: "Least anomalous", tiles, empty: "no image" }];
    }
    const { highNormal, lowAnomalies } = all.judged;
    const wrong = (images: readonly number[], isWrong: (score: number) => boolean) =>
      images.filter((i) => isWrong(all.values[i])).map((i) => this.#tile(all, i));
    return [
      most,
      {
        name: "falseAlarms",
        title: `False alarms (${formatNumber(errors.falseAlarms)}), highest score first`,
        tiles: wrong(highNormal, (score) => score >= threshold),
        empty: `no normal ${this.#noun} scores above the threshold`,
      },
      {
        name: "misses",
        title: `Misses (${formatNumber(errors.misses)}), lowest score first`,
        tiles: wrong(lowAnomalies, (score) => score < threshold),
        empty: `no ${this.#noun === "image" ? "anomaly" : "anomalous group"} scores below the threshold`,
      },
    ];
  }

  #tile({ values }: JudgedScores, index: number): Tile {
    const { isAnomaly } = this.#view;
    return {
      set: "test",
      index,
      caption: `${shortName(this.#data.images, "test", index)} · ${formatNumber(values[index])}`,
      ...tileName(this.#data.images, "test", index),
      ...(isAnomaly ? { frame: isAnomaly[index] === 1 ? "anomaly" : "normal" } : {}),
    };
  }
}

interface Errors {
  readonly normals: number;
  readonly anomalies: number;
  readonly falseAlarms: number;
  readonly misses: number;
}

function errorsAt(
  { normal, anomalous }: { normal: Float64Array; anomalous: Float64Array },
  threshold: number,
): Errors {
  return {
    normals: normal.length,
    anomalies: anomalous.length,
    falseAlarms: normal.length - countBelow(normal, threshold),
    misses: countBelow(anomalous, threshold),
  };
}

function share(part: number, all: number): string {
  return `${((100 * part) / all).toFixed(1)} %`;
}
