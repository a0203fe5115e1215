import { describe, expect, it } from "vitest";
import { jupyterDisplay } from "../../src/core/display.js";
import { DataSet } from "../../src/datasets/data-set.js";
import { ImageSet } from "../../src/datasets/image-set.js";
import "../../src/plots/renderers.js";
import { features, hostile, images, neighborTable, patchScores, scores } from "./examples.js";

const dataSet = (test: ImageSet) =>
  new DataSet({
    name: "examples",
    train: images().first(0),
    test,
    licence: "none",
    citation: "none",
    notes: [],
    hash: async () => "",
  });

describe("values show themselves", () => {
  const values = {
    images: images(),
    "data set": dataSet(images()),
    features: features(),
    scores,
    patches: patchScores(),
  };

  it.each(Object.entries(values))("the %s with a figure and its own line of text", async (_, value) => {
    const bundle = (await value[jupyterDisplay]()) ?? {};
    expect(Object.keys(bundle)).toEqual(["application/vnd.plotly.v1+json", "image/png", "text/plain"]);
    expect(bundle["text/plain"]).toBe(String(value));
  });

  it("the neighbor table as a table in plain text", async () => {
    const bundle = (await (await neighborTable())[jupyterDisplay]()) ?? {};
    expect(bundle["text/plain"]).toBe(
      [
        "NeighborTable: 12 images, 4 nearest of 6 training images each",
        "",
        "image    nearest  squared distance  to neighbor 4",
        "image 0  image 1                 2             20",
        "image 1  image 0                 2             10",
        "image 2  image 3                 5             10",
        "image 3  image 4                 1              8",
        "image 4  image 3                 1             10",
        "image 5  image 4                 5             25",
        "image 6  image 4                30             50",
        "image 7  image 4                38             62",
        "and 4 more",
      ].join("\n"),
    );
  });

  it("text alone where there is nothing to draw, or a file is damaged", async () => {
    expect(await images().first(0)[jupyterDisplay]()).toEqual({
      "text/plain": "examples: 0 images, unlabelled",
    });
    expect(Object.keys((await dataSet(images().first(0))[jupyterDisplay]()) ?? {})).toEqual(["text/plain"]);
    expect(await features().subset([0])[jupyterDisplay]()).toEqual({
      "text/plain": "Features: 1 images x 3 (three numbers)",
    });
    const missing = new ImageSet(hostile, {
      classNames: [],
      labels: [-1],
      id: () => "0",
      source: () => ({ kind: "file", path: "/nowhere/missing.png" }),
    });
    const bundle = (await missing[jupyterDisplay]()) ?? {};
    expect(Object.keys(bundle)).toEqual(["text/plain"]);
    expect(bundle["text/plain"]).toMatch(/1 image, unlabelled \(no picture: .*missing\.png/);
    expect(bundle["text/plain"]).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
});
