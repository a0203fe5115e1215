import { ImageSet } from "../../src/datasets/image-set.js";
import { Features } from "../../src/extractors/features.js";
import { NeighborIndex, type NeighborTable } from "../../src/neighbors/index.js";
import { Scores } from "../../src/neighbors/scores.js";
import { type Heatmap, PatchScores } from "../../src/scoring/patches/index.js";

/** Scores of six normal images and six anomalies. */
export const values = [1, 1.2, 1.4, 2, 2.2, 4, 1.9, 3, 3.5, 4.5, 6, 7];

/** The truth of `values`. */
export const isAnomaly = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1];

/** `values` as a table of neighbors gives them. */
export const scores = new Scores({
  values: Float64Array.from(values),
  ids: values.map((_, i) => `image ${i}`),
  k: 2,
  description: "mean squared distance to 2 nearest",
});

/** A name as a data set from elsewhere might have it. */
export const hostile =
  '<img src=x onerror="alert(1)"> <a href="javascript:alert(2)">$x$ %{y}</a> &lt;script&gt; \u202eevil\u0000';

/** Twelve images of 8 x 8 pixels in two classes, the second with a name like `hostile`. */
export function images(other = "square"): ImageSet {
  const pictures = Array.from({ length: 12 }, (_, i) => ({
    width: 8,
    height: 8,
    channels: 3 as const,
    data: Uint8Array.from({ length: 192 }, (__, at) => (at * 7 + i * 31) % 256),
  }));
  return ImageSet.fromImages(`examples ${other === "square" ? "" : other}`.trim(), pictures, {
    ids: pictures.map((_, i) => `${other === "square" ? "image" : other} ${i}`),
    labels: isAnomaly,
    classNames: ["circle", other],
  });
}

/** Three features for each of the images. */
export function features(of = images()): Features {
  const rows = Array.from({ length: 12 }, (_, i) => [i, (i * i) % 7, isAnomaly[i] * 5]);
  return Features.fromRows(rows, { ids: of.ids, images: of, extractor: "three numbers" });
}

/** The four nearest of the normal images for every image. */
export function neighborTable(of = features()): Promise<NeighborTable> {
  return new NeighborIndex(of.subset([0, 1, 2, 3, 4, 5])).search(of, 4, { excludeSelf: true });
}

/** Scores of 2 x 2 places of the images, without what a crop cut off. */
export function patchScores(of = images()): PatchScores {
  const maps = of.ids.map((id, i) => ({
    id,
    width: 2,
    height: 2,
    values: Float32Array.of(values[i], 1, 0.5 * values[i], 2),
  }));
  const preparation = {
    resize: 8,
    crop: 6,
    filter: "bilinear",
    mean: [0, 0, 0],
    std: [1, 1, 1],
  } as const;
  return new PatchScores({
    images: of,
    maps,
    preparation,
    k: 1,
    description: "squared distance to the nearest patch",
  });
}

/** The first three of them over their images. */
export function heatmaps(of = images()): Promise<Heatmap[]> {
  return Promise.all([0, 1, 11].map((i) => patchScores(of).heatmap(i)));
}
