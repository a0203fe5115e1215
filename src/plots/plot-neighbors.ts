import { checkOptions, integerIn } from "../core/options.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import type { Neighbor, NeighborTable } from "../neighbors/neighbor-table.js";
import { Figure } from "./figure.js";
import { ImageLabels } from "./image-labels.js";
import { frame, type TitleOptions, titleOptionKeys } from "./layout.js";
import { formatNumber } from "./number-format.js";
import { finiteScores, type ScoreInput } from "./score-input.js";
import { type ScorePlace, scorePlace } from "./score-place.js";
import { thumbnails } from "./sprite.js";
import { colors, defaultWidth } from "./theme.js";
import {
  blockHeading,
  captionGap,
  captionLine,
  drawTiles,
  frameColor,
  headingHeight,
  pixelAxes,
  roundUp,
  type Tile,
} from "./tiles.js";

/** Options of `plotNeighbors`. */
export interface PlotNeighborsOptions extends TitleOptions {
  /** The images that were searched for, in the table's order. */
  readonly queries: ImageSet;
  /** The training images, in the order of the features that were searched. */
  readonly train: ImageSet;
  /** Number of neighbors behind the score, default 2, or 1 where only one was kept. */
  readonly k?: number;
  /** Number of neighbors to show, at least k; default 6, or k where that is more. */
  readonly show?: number;
  /** For each searched image whether it is an anomaly: colors the frame and gives the normal scores. */
  readonly isAnomaly?: AnomalyLabels;
  /** Scores of normal images for the same k to compare with, default those of the other normal searched images. */
  readonly normalScores?: ScoreInput;
}

const gap = 8;
const gapToNeighbors = 44;
const placeHeight = 132;
const placeGap = 44;

/**
 * Why an image has its score: the image, its nearest training images with their squared distances, and the place of its
 * score among those of normal images where they are known.
 *
 * @param table - neighbors of the images
 * @param query - position or id of the image
 * @param options - see PlotNeighborsOptions
 * @returns the figure
 * @throws RangeError when there is no such image, or images and table do not belong together
 */
export async function plotNeighbors(
  table: NeighborTable,
  query: number | string,
  options: PlotNeighborsOptions,
): Promise<Figure> {
  const keys = [...titleOptionKeys, "queries", "train", "k", "show", "isAnomaly", "normalScores"];
  checkOptions("plotNeighbors", options, keys);
  const { queries, train, isAnomaly, title = "Why this score" } = options;
  requireSameImages("queries", queries.ids, table.queryIds);
  requireSameImages("train", train.ids, table.trainIds);
  const i = positionOf(table, query);
  const k = integerIn("k", options.k ?? Math.min(2, table.kMax), 1, table.kMax, "neighbors in the table");
  const show = options.show ?? Math.min(table.kMax, Math.max(k, 6));
  integerIn("show", show, k, table.kMax, "neighbors in the table");
  const scores = table.scores(k);
  const labels = new ImageLabels("plotNeighbors", queries, { scores, isAnomaly });
  const color = labels.truth ? frameColor[labels.kind(i)] : colors.ink;
  const width = options.width ?? defaultWidth;
  const margin = { l: 16, r: 16 };
  const tiles = await neighborTiles(
    table.neighbors(i, show),
    i,
    k,
    labels,
    train,
    width - margin.l - margin.r,
  );
  const normal = normalScores(options, labels, i);
  const below = normal.length > 0 ? placeGap + placeHeight : 0;
  const b = normal.length > 0 ? 52 : 8;
  const body = headingHeight + tiles.height + below + b;
  const { size, heading, innerWidth, innerHeight } = frame(options, {
    title,
    subtitle: labels.hover(i).slice(0, 3).join(", "),
    body,
    margin: { ...margin, b },
  });
  const axes = pixelAxes(innerWidth, headingHeight + tiles.height, headingHeight);
  const domain: ScorePlace["domain"] = { x: [0.085, 1], y: [0, placeHeight / innerHeight] };
  const score = scores.values[i];
  const place =
    normal.length > 0
      ? scorePlace({ score, normal, description: scores.description, domain, color })
      : { traces: [], axes: {}, annotations: [], shapes: [], words: formatNumber(score) };
  return new Figure(
    [...tiles.traces, ...place.traces],
    {
      ...size,
      xaxis: axes.xaxis,
      yaxis: { ...axes.yaxis, domain: [below / innerHeight, 1] },
      ...place.axes,
      images: tiles.images,
      annotations: [...heading, ...tiles.annotations, ...place.annotations],
      shapes: place.shapes,
      dragmode: false,
    },
    `${title}: ${labels.hover(i).slice(0, 3).join(", ")}; ${scores.description} ${place.words}`,
  );
}

function positionOf(table: NeighborTable, query: number | string): number {
  if (typeof query === "number") return integerIn("position of the image", query, 0, table.n - 1);
  const i = table.queryIds.indexOf(query);
  if (i < 0)
    throw new RangeError(`no image of the table is called ${query}; give an id of queries or a position`);
  return i;
}

function requireSameImages(what: string, given: readonly string[], expected: readonly string[]): void {
  const wrong = expected.findIndex((id, j) => given[j] !== id);
  if (given.length === expected.length && wrong < 0) return;
  const found =
    given.length === expected.length
      ? `image ${wrong} is ${given[wrong]}, not ${expected[wrong]}`
      : `got ${given.length} images for ${expected.length} in the table`;
  throw new RangeError(`${what} must be the images that the table was made of, in its order; ${found}`);
}

function normalScores(
  { normalScores: given }: PlotNeighborsOptions,
  labels: ImageLabels,
  i: number,
): number[] {
  if (given) return finiteScores("plotNeighbors", given);
  const { scores = [], truth } = labels;
  return truth ? scores.filter((_, j) => j !== i && !truth[j]) : [];
}

interface DrawnTiles {
  readonly traces: readonly object[];
  readonly images: readonly object[];
  readonly annotations: readonly object[];
  /** Height in pixels without the headings. */
  readonly height: number;
}

async function neighborTiles(
  neighbors: readonly Neighbor[],
  i: number,
  k: number,
  labels: ImageLabels,
  train: ImageSet,
  width: number,
): Promise<DrawnTiles> {
  const known = new ImageLabels("plotNeighbors", train, {});
  const large = await thumbnails([labels.images.source(i)], 144);
  const small = await thumbnails(
    neighbors.map((neighbor) => train.source(neighbor.index)),
    72,
  );
  const querySide = large.cell * large.scale;
  const side = small.cell * small.scale;
  const start = roundUp(querySide + gapToNeighbors, small.scale);
  const step = roundUp(side + gap, small.scale);
  const columns = Math.max(1, Math.floor((width - start + gap) / step));
  const stepY = roundUp(side + captionGap + 2 * captionLine + gap, small.scale);
  const query: Tile = {
    image: large.images[0],
    kind: labels.kind(i),
    left: 0,
    top: 0,
    caption: labels.caption(i, ["class"]),
    hover: labels.hover(i),
  };
  const found = neighbors.map(({ index, distance, squaredDistance }, j): Tile => {
    const squared = formatNumber(squaredDistance);
    return {
      image: small.images[j],
      kind: "unlabelled",
      left: start + (j % columns) * step,
      top: Math.floor(j / columns) * stepY,
      caption: [{ text: squared, keep: "start" }, ...known.caption(index, ["class"])],
      hover: [...known.hover(index), `squared distance ${squared}`, `distance ${formatNumber(distance)}`],
    };
  });
  const drawn = [
    await drawTiles([query], { side: querySide, scale: large.scale, captionWidth: querySide }),
    await drawTiles(found, { side, scale: small.scale, captionWidth: step - 4 }),
  ];
  const rows = Math.ceil(neighbors.length / columns);
  return {
    traces: drawn.flatMap((one) => one.traces),
    images: drawn.map((one) => one.image),
    annotations: [
      blockHeading("This image", { left: 0, top: 0 }, querySide),
      blockHeading(neighborHeading(neighbors.length, k), { left: start, top: 0 }, width - start),
    ],
    height: Math.max(querySide + captionGap + captionLine, rows * stepY),
  };
}

function neighborHeading(shown: number, k: number): string {
  if (shown === 1) return "Nearest training image: squared distance";
  const made = k === shown ? "" : ` (score: first${k === 1 ? "" : ` ${k}`})`;
  return `${shown} nearest training images: squared distance${made}`;
}
