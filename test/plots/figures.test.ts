import { describe, expect, it } from "vitest";
import {
  type Figure,
  plotAucByK,
  plotClasses,
  plotExtremes,
  plotFeatures,
  plotHeatmap,
  plotImage,
  plotImages,
  plotNeighbors,
  plotPrecisionRecall,
  plotRoc,
  plotScores,
} from "../../src/plots/index.js";
import { features, heatmaps, hostile, images, isAnomaly, neighborTable, scores, values } from "./examples.js";
import { expectDrawn, expectGolden, svgDocument, texts } from "./golden.js";

const other = { name: "pixels", scores: values.map((value) => Math.abs(value - 3)) };

async function explained(of: string): Promise<Figure> {
  const set = images(of);
  const table = await neighborTable(features(set));
  return plotNeighbors(table, 7, { queries: set, train: set.first(6), isAnomaly, k: 2 });
}

const cases: Record<string, { draw: () => Figure | Promise<Figure>; labels: string[] }> = {
  scores: {
    draw: () => plotScores(scores, isAnomaly, { threshold: 3.2, subtitle: "twelve images" }),
    labels: [
      "Anomaly scores",
      "twelve images",
      "Mean squared distance to 2 nearest (larger = more anomalous)",
      "normal",
      "6 images, median 1.70",
      "6 images, median 4",
      "threshold 3.2",
      "Images (% of each kind)",
    ],
  },
  "scores-unlabelled": {
    draw: () => plotScores([...values, 400], undefined, { title: "One far away" }),
    labels: ["all images", "13 images, median 3", "Images"],
  },
  "scores-tail": {
    draw: () => plotScores([...Array.from({ length: 150 }, (_, i) => i % 10), 900], undefined),
    labels: ["last bin: with 1 image above 12"],
  },
  roc: {
    draw: () => plotRoc(scores, isAnomaly),
    labels: [
      "ROCAUC 86.1 %",
      "95 % interval 64.1 to 100.0",
      "chance 50 %",
      "False positive rate (normal images called anomalous)",
    ],
  },
  "roc-compared": {
    draw: () => plotRoc(scores, isAnomaly, { name: "features", compare: [other], title: "Two curves" }),
    labels: [
      "Two curves",
      "ROCAUC (%) [95 % interval]",
      "86.1 [64.1, 100.0] features",
      "50.0 [11.3, 88.7] pixels",
    ],
  },
  "precision-recall": {
    draw: () => plotPrecisionRecall(scores, isAnomaly, { compare: [other] }),
    labels: ["Average precision", "0.883 these scores", "chance 0.50", "Recall (anomalies found)"],
  },
  "auc-by-k": {
    draw: () =>
      plotAucByK([0.9, 0.91, 0.905, 0.9], { interval: { low: [0.8, 0.8, 0.8, 0.8], high: [1, 1, 1, 0.99] } }),
    labels: ["k = 2: 91.0 %", "k (nearest normal images behind each score)", "ROCAUC (%)"],
  },
  "auc-by-k-compared": {
    draw: () =>
      plotAucByK([0.9, 0.8], {
        name: "a",
        compare: [{ name: "b", areas: [0.89, 0.79, 0.6], k: [1, 2, 50] }],
      }),
    labels: ["80.0 a", "79.0 b", "k = 2", "50"],
  },
  images: {
    draw: () => plotImages(images(), { scores, isAnomaly, captions: ["class", "score", "id"], limit: 8 }),
    labels: [
      "the 8 most anomalous of 12 images",
      "circle",
      "square",
      "image 11",
      "7",
      "■ normal",
      "■ anomaly",
    ],
  },
  extremes: {
    draw: () => plotExtremes(images(), scores, { isAnomaly, count: 3 }),
    labels: ["Least anomalous", "Most anomalous", "examples, score: mean squared distance to 2 nearest"],
  },
  classes: {
    draw: () => plotClasses(images()),
    labels: ["12 images, 2 classes", "circle (6)", "square (6)"],
  },
  neighbors: {
    draw: () => explained("square"),
    labels: [
      "Why this score",
      "This image",
      "4 nearest training images: squared distance (score: first 2)",
      "Normal images (%)",
    ],
  },
  features: {
    draw: () => plotFeatures(features()),
    labels: ["circle", "square", "12 images, 3 features of three numbers"],
  },
  "features-anomaly": { draw: () => plotFeatures(features(), { isAnomaly }), labels: ["normal", "anomaly"] },
  heatmaps: {
    draw: async () => plotHeatmap(await heatmaps(), { isAnomaly: [0, 0, 1] }),
    labels: [
      "Where the images are anomalous",
      "3 images on one scale",
      "squared distance to the nearest patch",
      "highest score 7",
      "image 11",
      "anomaly",
    ],
  },
  image: {
    draw: () => plotImage(images().source(0), { title: "One image" }),
    labels: ["One image", "8 x 8 pixels, RGB"],
  },
};

describe.each(Object.entries(cases))("the figure %s", (name, { draw, labels }) => {
  it("has the specification that was approved", async () => expectGolden(name, await draw()));
  it("is drawn whole, with its labels and without complaint", async () => expectDrawn(await draw(), labels));
});

describe("captions", () => {
  const drawn = async (name: string) => {
    const figure = await plotImages(images(name), { captions: ["class"] });
    const found = (figure.data as { textfont?: { size: number }; text: string[] }[]).find(
      ({ textfont }) => textfont,
    );
    return { size: found?.textfont?.size, name: found?.text.at(-1) };
  };

  it("become smaller, all alike, before they are cut", async () => {
    expect(await drawn("square")).toEqual({ size: 11, name: "square" });
    const fits = await drawn("burst membrane");
    expect(fits).toEqual({ size: 10, name: "burst membrane" });
    expect(await drawn("a".repeat(60))).toEqual({ size: 10, name: expect.stringMatching(/^a+…$/) });
  });
});

describe("names from data", () => {
  const named: Record<string, () => Figure | Promise<Figure>> = {
    images: () => plotImages(images(hostile), { scores, isAnomaly, captions: ["class", "id"] }),
    extremes: () => plotExtremes(images(hostile), scores),
    classes: () => plotClasses(images(hostile)),
    neighbors: () => explained(hostile),
    features: () => plotFeatures(features(images(hostile)), { title: hostile }),
    heatmaps: async () => plotHeatmap(await heatmaps(images(hostile)), { subtitle: hostile }),
    roc: () => plotRoc(scores, isAnomaly, { name: hostile, compare: [{ ...other, name: hostile }] }),
    "precision-recall": () =>
      plotPrecisionRecall(scores, isAnomaly, { name: hostile, compare: [{ ...other, name: hostile }] }),
    "auc-by-k": () => plotAucByK([0.8, 0.9], { name: hostile, compare: [{ name: hostile, areas: [0.7] }] }),
    scores: () => plotScores(scores, isAnomaly, { title: hostile, subtitle: hostile }),
  };

  it.each(Object.entries(named))("bring no markup into the figure %s", async (_, draw) => {
    const figure = await draw();
    const specification = JSON.stringify({ data: figure.data, layout: figure.layout });
    expect(specification).not.toMatch(/<(?!\/?b>|br>|extra>|\/extra>|\/?span)/);
    expect(specification).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(specification.replace(/%\{(x|y|customdata)(:\.[234]f)?\}/g, "")).not.toContain("%{");
    const svg = await figure.svg();
    const drawn = svgDocument(svg);
    expect(drawn.querySelectorAll("a, img, script, foreignObject, [onerror], [onclick]")).toHaveLength(0);
    expect(texts(svg)).toContain("<img");
  });
});

describe("wrong input", () => {
  it("is refused where an option is unknown", async () => {
    const unknown = { colour: "red" } as object;
    expect(() => plotScores(scores, isAnomaly, unknown)).toThrow(
      "plotScores: unknown option colour; valid options are",
    );
    expect(() => plotRoc(scores, isAnomaly, unknown)).toThrow("plotRoc: unknown option colour");
    expect(() => plotPrecisionRecall(scores, isAnomaly, unknown)).toThrow("unknown option colour");
    expect(() => plotAucByK([0.5], unknown)).toThrow("plotAucByK: unknown option colour");
    expect(() => plotFeatures(features(), unknown)).toThrow("plotFeatures: unknown option colour");
    await expect(plotImages(images(), unknown)).rejects.toThrow("plotImages: unknown option colour");
    await expect(plotExtremes(images(), scores, unknown)).rejects.toThrow("plotExtremes: unknown option");
    await expect(plotClasses(images(), unknown)).rejects.toThrow("plotClasses: unknown option colour");
    await expect(plotImage(images().source(0), unknown)).rejects.toThrow("plotImage: unknown option colour");
    await expect(plotHeatmap(await heatmaps(), unknown)).rejects.toThrow(
      "plotHeatmap: unknown option colour",
    );
  });

  it("is refused where scores, truth and images are not equally many", async () => {
    expect(() => plotScores([1, 2], [1])).toThrow(
      "every score needs one truth value; got 2 scores and 1 values",
    );
    expect(() => plotRoc([1, 2], [1])).toThrow("2 scores and 1 labels");
    await expect(plotImages(images(), { scores: [1] })).rejects.toThrow("got 1 scores and 12 images");
    expect(() => plotAucByK([0.5, 0.6], { k: [1] })).toThrow("got 2 areas, 1 k");
  });

  it("is refused where there is nothing to draw", async () => {
    expect(() => plotScores([])).toThrow("plotScores needs at least one score; got none");
    expect(() => plotScores([1, Number.NaN])).toThrow("plotScores needs finite scores; score 1 is NaN");
    expect(() => plotAucByK([])).toThrow("needs at least one area; got none");
    await expect(plotHeatmap([])).rejects.toThrow("plotHeatmap needs 1 to 40 heatmaps; got 0");
    await expect(plotHeatmap(await heatmaps(), { scale: [2, 1] })).rejects.toThrow("a scale must rise");
    await expect(plotImages(images().first(0))).rejects.toThrow("plotImages needs at least one image");
    expect(() => plotFeatures(features().subset([1]))).toThrow("needs at least 2 images; got 1");
    await expect(plotImages(images(), { order: "most anomalous" })).rejects.toThrow("needs scores");
  });

  it("is refused where a table was made of other images", async () => {
    const set = images();
    const table = await neighborTable();
    const train = set.first(6);
    const reordered = set.subset([1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    await expect(plotNeighbors(table, 0, { queries: reordered, train })).rejects.toThrow(
      "image 0 is image 1, not image 0",
    );
    await expect(plotNeighbors(table, 0, { queries: set, train: set })).rejects.toThrow(
      "got 12 images for 6 in the table",
    );
    await expect(plotNeighbors(table, "nobody", { queries: set, train })).rejects.toThrow(
      "no image of the table is called nobody",
    );
    await expect(plotNeighbors(table, 0, { queries: set, train, k: 5 })).rejects.toThrow("from 1 to 4");
    await expect(plotNeighbors(table, 0, { queries: set, train, k: 3, show: 2 })).rejects.toThrow(
      "show must be",
    );
  });
});
