import { checkOptions, integerIn, oneOf } from "../core/options.js";
import { Random } from "../core/random.js";
import type { Features } from "../extractors/features.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import { Figure } from "./figure.js";
import { median } from "./histogram.js";
import { label, shortLabel } from "./label.js";
import { type FigureOptions, type Frame, figureOptionKeys, frame } from "./layout.js";
import { formatCount, formatNumber } from "./number-format.js";
import { principalPlane } from "./pca.js";
import { truthOf } from "./score-input.js";
import { separate } from "./spread.js";
import { fitText, textWidth } from "./static/fonts.js";
import { colors, series, symbols, translucent, wordColor } from "./theme.js";

/** Options of `plotFeatures`. */
export interface PlotFeaturesOptions extends FigureOptions {
  /** For each image whether it is an anomaly. */
  readonly isAnomaly?: AnomalyLabels;
  /** Default "anomaly" where isAnomaly is given, else "class" where the images have classes, else "none". */
  readonly colorBy?: "anomaly" | "class" | "none";
  /** Largest number of images drawn, from 2 to 5000, chosen at random; default 1000. */
  readonly limit?: number;
  /** Seed of that choice, default 0. */
  readonly seed?: number;
}

interface Group {
  readonly name: string;
  readonly color: string;
  readonly symbol: string;
  readonly members: readonly number[];
}

/**
 * A map of features: the plane in which they vary most, with the same scale on both axes.
 *
 * @param features - features of at least two images
 * @param options - see PlotFeaturesOptions
 * @returns the figure
 * @throws RangeError when there are fewer than two images, or truth is not one value an image
 */
export function plotFeatures(features: Features, options: PlotFeaturesOptions = {}): Figure {
  checkOptions("plotFeatures", options, [...figureOptionKeys, "isAnomaly", "colorBy", "limit", "seed"]);
  const { n, d, provenance } = features;
  if (n < 2) throw new RangeError(`a map of features needs at least 2 images; got ${n}`);
  const limit = integerIn("limit", options.limit ?? 1000, 2, 5000);
  const random = new Random(options.seed ?? 0);
  const plane = principalPlane(features, random.fork("plane"));
  const shown = n <= limit ? Array.from({ length: n }, (_, i) => i) : [...random.sample(n, limit).sort()];
  const points = shown.map((i) => plane.project(features.row(i)));
  const groups = groupsOf(features, shown, options);
  const title = options.title ?? "Map of the features";
  const drawn = shown.length < n ? `${formatNumber(shown.length)} of ` : "";
  const subtitle = `${drawn}${formatCount(n, "image")}, ${d} features of ${provenance.extractor}`;
  const size = frame(options, { title, subtitle, body: 440 });
  const ranges = equalRanges(points, size);
  const [one, two] = plane.explained.map((share) => `${(100 * share).toFixed(0)} % of the variance`);
  const largestFirst = [...groups].sort((a, b) => b.members.length - a.members.length);
  return new Figure(
    largestFirst.map((group) => trace(group, features, shown, points)),
    {
      ...size.size,
      xaxis: {
        title: { text: `Principal component 1 (feature units; ${one})` },
        range: ranges[0],
        showgrid: true,
      },
      yaxis: { title: { text: `Principal component 2 (feature units; ${two})` }, range: ranges[1] },
      annotations: [...size.heading, ...groupLabels(groups, points, ranges, size)],
    },
    `${title}: ${subtitle}; the map shows ${one} and ${two} of it`,
  );
}

const manyClasses = 10;

function groupsOf(features: Features, shown: readonly number[], options: PlotFeaturesOptions): Group[] {
  const { images } = features;
  const classes = images && images.classNames.length > 0 && images.labels.some((name) => name >= 0);
  const fallback = options.isAnomaly ? "anomaly" : classes ? "class" : "none";
  const colorBy = oneOf("colorBy", options.colorBy ?? fallback, ["anomaly", "class", "none"]);
  const at = (belongs: (i: number) => boolean) =>
    shown.flatMap((i, position) => (belongs(i) ? [position] : []));
  if (colorBy === "anomaly") {
    if (!options.isAnomaly) throw new RangeError('colorBy "anomaly" needs isAnomaly; got none');
    const truth = truthOf(features.n, options.isAnomaly);
    return [
      { name: "normal", color: colors.normal, symbol: symbols[0], members: at((i) => !truth[i]) },
      { name: "anomaly", color: colors.anomaly, symbol: symbols[1], members: at((i) => truth[i]) },
    ].filter((group) => group.members.length > 0);
  }
  if (colorBy === "class") {
    if (!images || !classes) throw new RangeError('colorBy "class" needs images with classes; got none');
    const groups = images.classNames
      .map((name, c) => ({ name, members: at((i) => images.labels[i] === c) }))
      .filter((group) => group.members.length > 0);
    const others = {
      name: "",
      color: "#B0B0B0",
      symbol: symbols[0],
      members: at((i) => images.labels[i] < 0),
    };
    const named = groups.map((group, g) => ({
      ...group,
      color: series[g % series.length],
      symbol: symbols[g % symbols.length],
    }));
    return groups.length <= manyClasses
      ? [others, ...named].filter((group) => group.members.length > 0)
      : [{ ...others, members: at(() => true) }];
  }
  return [{ name: "", color: colors.unlabelled, symbol: symbols[0], members: at(() => true) }];
}

function equalRanges(
  points: readonly [number, number][],
  { innerWidth, innerHeight }: Frame,
): [number, number][] {
  const ends = [0, 1].map((axis) => {
    const values = points.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  });
  const room = [innerWidth, innerHeight];
  const unitsPerPixel =
    Math.max(...ends.map(([low, high], axis) => (high - low) / (room[axis] - 40))) || 1 / room[0];
  return ends.map(([low, high], axis) => {
    const half = (unitsPerPixel * room[axis]) / 2;
    return [(low + high) / 2 - half, (low + high) / 2 + half];
  });
}

function trace(
  group: Group,
  features: Features,
  shown: readonly number[],
  points: readonly [number, number][],
): object {
  const { images, ids } = features;
  const about = (i: number) => {
    const name = images?.classNames[images.labels[i]];
    return name === undefined ? shortLabel(ids[i]) : `${shortLabel(ids[i])}<br>${shortLabel(name)}`;
  };
  const pick = (axis: number) => group.members.map((at) => Number(points[at][axis].toPrecision(4)));
  return {
    type: "scatter",
    mode: "markers",
    name: label(group.name),
    x: pick(0),
    y: pick(1),
    marker: {
      color: group.color,
      symbol: group.symbol,
      size: 6.5,
      opacity: 0.7,
      line: { color: colors.paper, width: 0.5 },
    },
    hovertext: group.members.map((at) => about(shown[at])),
    hoverinfo: "text",
  };
}

const labelSize = 12.5;

function groupLabels(
  groups: readonly Group[],
  points: readonly [number, number][],
  ranges: readonly [number, number][],
  { innerWidth, innerHeight }: Frame,
): object[] {
  const room = [innerWidth, innerHeight];
  const named = groups.filter((group) => group.name);
  const texts = named.map((group) => fitText(group.name, 140, labelSize, { face: "bold" }));
  const pixels = (group: Group, axis: number) => {
    const middle = median(group.members.map((at) => points[at][axis]));
    return ((middle - ranges[axis][0]) / (ranges[axis][1] - ranges[axis][0])) * room[axis];
  };
  const boxes = named.map((group, i) => {
    const width = textWidth(texts[i], labelSize, "bold") + 4;
    const x = Math.min(innerWidth - width / 2, Math.max(width / 2, pixels(group, 0)));
    return { x, y: pixels(group, 1), width, height: 18 };
  });
  const placed = separate(boxes, innerHeight);
  return named.map((group, i) => ({
    text: `<b>${label(texts[i])}</b>`,
    x: boxes[i].x / innerWidth,
    xref: "paper",
    xanchor: "center",
    y: placed[i] / innerHeight,
    yref: "paper",
    yanchor: "middle",
    font: { size: labelSize, color: wordColor(group.color) },
    bgcolor: translucent(colors.paper, 0.78),
    borderpad: 1,
  }));
}
