import { chooseBins, countInBins, outline } from "../../../plots/histogram.js";
import { formatNumber } from "../../../plots/number-format.js";
import { translucent } from "../../../plots/theme.js";
import type {
  Control,
  ExplorerModel,
  ExplorerView,
  FigureSpec,
  Gallery,
  Settings,
  Tile,
} from "../../explorer-model.js";
import type { ExploreData } from "../explore/data.js";
import { type ScoreSettings, TableView } from "../explore/table-view.js";
import { kindColors, layoutOf, markLine } from "../figures/frame.js";
import { numberSetting } from "../fit.js";
import { fullName, shortName, tileName } from "../image-names.js";

/** Heading of an explanation. */
export const explainTitle = "Why this score";

const shownNeighbors = 12;

/**
 * The explorer of one image's score: its neighbors, its place among normal images, and how its rank moves with k. The
 * setting "image" says which test image it is about; it has no control, since a click on an image sets it.
 *
 * @param data - what `exploreData` made, with the position of an image
 * @param settings - where the controls stand at the start
 * @param view - the table of the data, where it was read before
 * @returns the model
 */
export function explainModel(
  data: ExploreData,
  settings: Settings = {},
  view: TableView = new TableView(data),
): ExplorerModel {
  return new ExplainModel(data, settings, view);
}

class ExplainModel implements ExplorerModel {
  readonly title: string;
  readonly controls: readonly Control[];
  readonly defaults: Settings;
  readonly #data: ExploreData;
  readonly #view: TableView;
  readonly #set: Tile["set"];
  readonly #noun: "image" | "group";
  #ranks: { readonly key: string; readonly ranks: number[] } | undefined;

  constructor(data: ExploreData, settings: Settings, view: TableView) {
    this.#data = data;
    this.#view = view;
    this.#noun = data.noun ?? "image";
    this.#set = data.querySet ?? "test";
    this.controls = this.#view.controls;
    this.title = data.title;
    this.defaults = { ...this.#view.read(settings), image: data.image ?? 0 };
  }

  view(settings: Settings): ExplorerView {
    const scoring = this.#view.read(settings);
    const { n } = this.#view;
    const image = Math.min(n - 1, Math.max(0, Math.round(numberSetting(this, settings, "image"))));
    const { values, description } = this.#view.scores(scoring);
    const score = values[image];
    const ranks = this.#ranksOf(image, scoring);
    const others = this.#others(values, image);
    const below = others.values.filter((value) => value < score).length;
    const above =
      others.values.length > 0 ? `above ${words(below, others.values.length)} of ${others.name}` : "";
    return {
      readouts: [
        {
          label: this.#noun,
          value: this.#noun === "group" ? `number ${image}` : fullName(this.#data.images, this.#set, image),
          detail: this.#about(image),
        },
        {
          label: "score",
          value: formatNumber(score),
          detail: [description, above].filter(Boolean).join("; "),
        },
        {
          label: "rank",
          value: formatNumber(ranks[scoring.k - 1]),
          detail: `of ${formatNumber(n)}; 1 = most anomalous`,
        },
      ],
      figures: [this.#place(score, others, description), this.#rankByK(ranks, scoring.k)],
      galleries: this.#galleries(image, score, scoring.k),
      notes: [],
    };
  }

  #about(image: number): string {
    const { images, isAnomaly } = this.#data;
    const known = (images[this.#set]?.[image] ?? -1) >= 0;
    const kind = isAnomaly ? (isAnomaly[image] === 1 ? "an anomaly" : "normal") : "";
    return [known ? shortName(images, this.#set, image) : "", kind].filter(Boolean).join(", ");
  }

  #others(values: Float64Array, image: number): { values: Float64Array; name: string; color: string } {
    const { isAnomaly } = this.#view;
    const kept = values.filter((_, i) => i !== image && !isAnomaly?.[i]);
    const count = formatNumber(kept.length);
    const noun = this.#noun;
    return isAnomaly
      ? { values: kept, name: `${count} normal ${noun}s`, color: kindColors.normal }
      : { values: kept, name: `${count} other ${noun}s`, color: kindColors.unlabelled };
  }

  #ranksOf(image: number, { distance, statistic }: ScoreSettings): number[] {
    const key = [image, distance, statistic].join();
    if (this.#ranks?.key !== key) {
      const ranks = Array.from({ length: this.#data.kMax }, (_, i) => {
        const { values } = this.#view.scores({ k: i + 1, distance, statistic });
        let higher = 0;
        for (const value of values) if (value > values[image]) higher++;
        return higher + 1;
      });
      this.#ranks = { key, ranks };
    }
    return this.#ranks.ranks;
  }

  #place(
    score: number,
    { values, name, color }: { values: Float64Array; name: string; color: string },
    description: string,
  ): FigureSpec {
    const { edges } = chooseBins(values.length > 0 ? values : [score]);
    const heights = countInBins(values, edges).map((count) => (100 * count) / Math.max(1, values.length));
    const [low, high] = [Math.min(edges[0], score), Math.max(edges[edges.length - 1], score)];
    const onLeft = score > (low + high) / 2;
    const room = 0.03 * (high - low);
    return {
      name: "place",
      data: [
        {
          type: "scatter",
          mode: "lines",
          ...outline(edges, heights),
          fill: "tozeroy",
          fillcolor: translucent(color, 0.22),
          line: { color, width: 1.5 },
          hoverinfo: "skip",
        },
      ],
      layout: layoutOf({
        title: "Its place among the scores",
        xTitle: `Score: ${description}`,
        yTitle: `% of ${name}`,
        xaxis: { range: [low - room, high + room] },
        yaxis: { range: [0, 1.15 * Math.max(...heights, 1e-9)], nticks: 5 },
        annotations: [
          {
            text: `<b>this ${this.#noun} ${formatNumber(score)}</b>`,
            x: score,
            xanchor: onLeft ? "right" : "left",
            xshift: onLeft ? -3 : 3,
            y: 1,
            yref: "paper",
            yanchor: "top",
          },
        ],
        shapes: [
          {
            type: "line",
            x0: score,
            x1: score,
            y0: 0,
            y1: 1,
            yref: "paper",
            line: { ...markLine, dash: "solid", width: 2.5 },
          },
        ],
      }),
      alt: `Histogram of the scores of ${name}, this ${this.#noun} at ${formatNumber(score)}`,
    };
  }

  #rankByK(ranks: readonly number[], k: number): FigureSpec {
    const { n } = this.#view;
    const ks = ranks.map((_, i) => i + 1);
    const room = 0.03 * Math.max(1, ks.length - 1);
    const end = Math.log10(Math.max(2, n));
    return {
      name: "rank",
      data: [
        {
          type: "scatter",
          mode: ks.length <= 40 ? "lines+markers" : "lines",
          x: ks,
          y: ranks,
          line: { color: kindColors.normal, width: 2 },
          marker: { color: kindColors.normal, size: 4.5 },
          cliponaxis: false,
          hovertemplate: "k = %{x}<br>rank %{y:,}<extra></extra>",
        },
        {
          type: "scatter",
          mode: "markers",
          x: [k],
          y: [ranks[k - 1]],
          marker: { color: kindColors.normal, size: 10, line: { color: "#FFFFFF", width: 1.5 } },
          cliponaxis: false,
          hoverinfo: "skip",
        },
      ],
      layout: layoutOf({
        title: "Its rank against k",
        xTitle: `k (nearest training ${this.#noun}s)`,
        yTitle: "Rank (1 = most anomalous)",
        xaxis: { range: [1 - room, Math.max(2, ks.length) + room], nticks: 8 },
        yaxis: { type: "log", range: [end + 0.04 * end, -0.04 * end], dtick: 1, exponentformat: "none" },
        annotations: [
          {
            text: `k = ${k}: rank ${formatNumber(ranks[k - 1])}`,
            x: 1,
            xref: "paper",
            xanchor: "right",
            y: ranks[k - 1] > Math.sqrt(n) ? 1 : 0,
            yref: "paper",
            yanchor: ranks[k - 1] > Math.sqrt(n) ? "top" : "bottom",
          },
        ],
        shapes: [
          {
            type: "line",
            layer: "below",
            x0: k,
            x1: k,
            y0: 0,
            y1: 1,
            yref: "paper",
            line: { ...markLine, width: 1.5 },
          },
        ],
      }),
      alt: `Rank of this ${this.#noun} among ${formatNumber(n)} for k from 1 to ${ks.length}; ${formatNumber(ranks[k - 1])} at k = ${k}`,
    };
  }

  #galleries(image: number, score: number, k: number): Gallery[] {
    const { images, isAnomaly, indexWidth } = this.#data;
    const count = Math.min(indexWidth, Math.max(k, 6), shownNeighbors);
    const frame = isAnomaly ? (isAnomaly[image] === 1 ? "anomaly" : "normal") : undefined;
    const made = k === 1 ? "the first makes the score" : `the first ${k} make the score`;
    return [
      {
        name: "image",
        title: "This image",
        tiles: [
          {
            set: this.#set,
            index: image,
            caption: `${shortName(images, this.#set, image)} · ${formatNumber(score)}`,
            ...tileName(images, this.#set, image),
            ...(frame ? { frame } : {}),
          },
        ],
        empty: "no image",
      },
      {
        name: "neighbors",
        title: `Nearest training images, squared distance (${made})`,
        tiles: this.#view.neighbors(image, count).map(({ index, squaredDistance }, j) => ({
          set: "train",
          index,
          caption: `${j + 1}: ${formatNumber(squaredDistance)} · ${shortName(images, "train", index)}`,
          ...tileName(images, "train", index),
        })),
        empty: "neighbors were left out to keep the page small",
      },
    ];
  }
}

function words(below: number, all: number): string {
  if (below === all) return "all";
  if (below === 0) return "none";
  return `${formatNumber((100 * below) / all)} %`;
}
