import { formatCount } from "../../../plots/number-format.js";
import { dashes, series } from "../../../plots/theme.js";
import type { Pooling } from "../../../scoring/groups.js";
import type {
  Control,
  ExplorerModel,
  ExplorerView,
  FigureSpec,
  Gallery,
  Readout,
  Settings,
  Tile,
} from "../../explorer-model.js";
import type { ExploreData } from "../explore/data.js";
import { exploreModel } from "../explore/model.js";
import { type Variant, variantOf } from "../explore/variants.js";
import { areaText } from "../figures/area-text.js";
import { aucFigure, aucRange } from "../figures/auc-line.js";
import { kindColors } from "../figures/frame.js";
import { choiceSetting, numberSetting } from "../fit.js";
import { shortName, tileName } from "../image-names.js";
import type { GroupsData, GroupsOfSize } from "./data.js";

const shownGroups = 4;
const shownReferences = 3;
const mostTiles = 24;

/**
 * The explorer of groups: how many images a group has and how they are pooled, and what that does to scores and ROC curve.
 *
 * @param data - what `groupsData` made
 * @returns the model
 */
export function groupsModel(data: GroupsData): ExplorerModel {
  return new GroupsModel(data);
}

interface Chosen {
  readonly group: GroupsOfSize;
  readonly table: ExploreData;
  readonly inner: ExplorerModel;
}

class GroupsModel implements ExplorerModel {
  readonly title: string;
  readonly controls: readonly Control[];
  readonly defaults: Settings;
  readonly #data: GroupsData;
  readonly #yRange: readonly [number, number];
  readonly #inner = new Map<ExploreData, ExplorerModel>();

  constructor(data: GroupsData) {
    const { sizes, poolings } = data;
    this.title = data.title;
    this.#data = data;
    const curves = sizes.flatMap(({ tables }) =>
      tables.flatMap((table) => Object.values(table.curves ?? {})),
    );
    this.#yRange = aucRange(curves.flatMap((curve) => [...curve.rocAuc, ...curve.low, ...curve.high]));
    const size = {
      type: "slider",
      name: "size",
      label: "images a group",
      min: sizes[0].size,
      max: sizes[sizes.length - 1].size,
      step: 1,
    } as const;
    const pooling = {
      type: "choice",
      name: "pooling",
      label: "pooling",
      options: poolings.map((value) => ({ value, label: value === "max" ? "maximum" : value })),
    } as const;
    const middle = sizes[Math.min(sizes.length - 1, 3)];
    const start = this.#innerOf(middle.tables[0]);
    this.controls = [size, pooling, ...start.controls];
    this.defaults = { ...start.defaults, size: middle.size, pooling: poolings[0] };
  }

  view(settings: Settings): ExplorerView {
    const chosen = this.#chosen(settings);
    const view = chosen.inner.view(this.#completed(settings));
    const [scores, roc] = view.figures;
    return {
      readouts: [...view.readouts, this.#others(chosen, settings)],
      figures: [this.#aucBySize(chosen, settings), scores, roc],
      galleries: view.galleries.map((gallery) => this.#ofMembers(gallery, chosen.group)),
      notes: [this.#data.rule],
    };
  }

  explain(tile: Tile, settings: Settings): ExplorerModel | undefined {
    const chosen = this.#chosen(settings);
    const completed = this.#completed(settings);
    if (tile.set !== "test") return undefined;
    const shown = chosen.inner.view(completed).galleries.flatMap(({ tiles }) => tiles.slice(0, shownGroups));
    const group = shown.find(({ index }) => membersOf(chosen.group, "test", index).includes(tile.index));
    const base = group && chosen.inner.explain?.(group, completed);
    if (!group || !base) return undefined;
    return {
      title: "Why this group's score",
      controls: base.controls,
      defaults: base.defaults,
      view: (own) => {
        const view = base.view({ ...own, image: group.index });
        return { ...view, galleries: this.#explained(chosen.group, view.galleries) };
      },
    };
  }

  #chosen(settings: Settings): Chosen {
    const size = numberSetting(this, settings, "size");
    const pooling = choiceSetting<Pooling>(this, settings, "pooling");
    const group = this.#data.sizes.find((one) => one.size === size) ?? this.#data.sizes[0];
    const table = group.tables[this.#data.poolings.indexOf(pooling)];
    return { group, table, inner: this.#innerOf(table) };
  }

  /** The inner models have other defaults than the whole. */
  #completed(settings: Settings): Settings {
    return { ...this.defaults, ...settings };
  }

  #innerOf(table: ExploreData): ExplorerModel {
    const known = this.#inner.get(table);
    if (known) return known;
    const made = exploreModel(table);
    this.#inner.set(table, made);
    return made;
  }

  #variant(settings: Settings): { variant: Variant; k: number } {
    const distance = choiceSetting<"squared" | "euclidean">(this, settings, "distance");
    const statistic = choiceSetting<"mean" | "kth">(this, settings, "statistic");
    return { variant: variantOf(distance, statistic), k: numberSetting(this, settings, "k") };
  }

  #others({ group, table }: Chosen, settings: Settings): Readout {
    const { variant, k } = this.#variant(settings);
    const { poolings } = this.#data;
    const texts = group.tables.flatMap((one, i) =>
      one === table ? [] : [`${poolings[i]} ${areaText(one.curves?.[variant].rocAuc[k - 1] ?? Number.NaN)}`],
    );
    return {
      label: "reference",
      value: formatCount(table.trainCount, "group"),
      ...(texts.length > 0 ? { detail: `ROCAUC of the other poolings: ${texts.join(", ")}` } : {}),
    };
  }

  #aucBySize({ group, table }: Chosen, settings: Settings): FigureSpec {
    const { sizes, poolings } = this.#data;
    const { variant, k } = this.#variant(settings);
    const x = sizes.map((one) => one.size);
    const pick = (i: number, key: "rocAuc" | "low" | "high") =>
      sizes.map((one) => one.tables[i].curves?.[variant][key][k - 1] ?? Number.NaN);
    const room = 0.04 * Math.max(1, x[x.length - 1] - x[0]);
    const area = areaText(table.curves?.[variant].rocAuc[k - 1] ?? Number.NaN);
    return aucFigure(
      poolings.map((name, i) => ({
        name,
        color: i === 0 ? kindColors.normal : series[i],
        dash: dashes[i],
        x,
        y: pick(i, "rocAuc"),
        ...(group.tables[i] === table ? { low: pick(i, "low"), high: pick(i, "high") } : {}),
      })),
      {
        name: "auc",
        title: "ROCAUC against group size",
        xTitle: "Images a group",
        hover: "%{x} images a group",
        xaxis: {
          range: [x[0] - room, Math.max(x[0] + 1, x[x.length - 1]) + room],
          dtick: x.length > 12 ? 2 : 1,
        },
        yRange: this.#yRange,
        mark: { x: group.size, text: `${formatCount(group.size, "image")}: ${area}` },
        alt: `ROCAUC against group size from ${x[0]} to ${x[x.length - 1]} for ${poolings.join(", ")}; ${area} with ${formatCount(group.size, "image")}`,
      },
    );
  }

  #ofMembers(gallery: Gallery, group: GroupsOfSize): Gallery {
    const tiles = gallery.tiles
      .slice(0, shownGroups)
      .flatMap((tile, rank) =>
        membersOf(group, "test", tile.index).map((index) =>
          this.#member("test", index, `${rank + 1}: ${tile.caption.split(" · ")[1]}`),
        ),
      );
    return {
      ...gallery,
      title: gallery.title.replace("Most anomalous", "Most anomalous groups"),
      tiles: tiles.slice(0, mostTiles),
    };
  }

  #explained(group: GroupsOfSize, [own, neighbors]: readonly Gallery[]): Gallery[] {
    return [
      {
        ...own,
        title: "This group",
        tiles: own.tiles.flatMap(({ index }) =>
          membersOf(group, "test", index).map((member) => this.#member("test", member, "")),
        ),
      },
      {
        ...neighbors,
        title: "Nearest reference groups, squared distance",
        tiles: neighbors.tiles
          .slice(0, shownReferences)
          .flatMap(({ index, caption }) =>
            membersOf(group, "train", index).map((member) =>
              this.#member("train", member, caption.split(" · ")[0]),
            ),
          )
          .slice(0, mostTiles),
      },
    ];
  }

  #member(set: Tile["set"], index: number, before: string): Tile {
    const { images, isAnomaly } = this.#data;
    const name = shortName(images, set, index);
    return {
      set,
      index,
      caption: before ? `${before} · ${name}` : name,
      ...tileName(images, set, index),
      ...(isAnomaly && set === "test" ? { frame: isAnomaly[index] === 1 ? "anomaly" : "normal" } : {}),
    };
  }
}

function membersOf(group: GroupsOfSize, set: Tile["set"], index: number): number[] {
  const rows = set === "test" ? group.test : group.train;
  return Array.from(rows.subarray(index * group.size, (index + 1) * group.size));
}
