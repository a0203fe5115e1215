import { describe, expect, it } from "vitest";
import { jupyterDisplay } from "../../src/core/display.js";
import {
  publishedFigure,
  publishedFigures,
  publishedStatement,
  RunRecord,
} from "../../src/protocols/index.js";

const record = new RunRecord({
  experiment: "unimodal",
  dataset: {
    name: "wbc",
    contentHash: "ab",
    train: 30,
    test: 12,
    unreadable: 0,
    notes: ["one class is left out"],
  },
  extractor: { name: "embedded", layer: "blocks.5", dimensions: 256, weightsHash: "cd", engine: "none" },
  preparation: "rgb8",
  k: 2,
  distance: "squared",
  normalize: false,
  reductions: ["at most the first 10 training images of each class"],
  leaks: { identical: 1, nearlyIdentical: 2, checked: 12, pairs: [] },
  rocAuc: {
    mean: 0.8125,
    interval: [0.7, 0.925],
    overClasses: 0.0884,
    perClass: [
      {
        class: "round",
        value: 0.75,
        interval: [0.6, 0.9],
        averagePrecision: { value: 0.8, interval: [0.7, 0.9] },
        falsePositiveRate: { value: 0.5, interval: [0.25, 1] },
        trainImages: 10,
        normalTestImages: 4,
        anomalousTestImages: 8,
        warning: "too few test images to tell small differences",
      },
      {
        class: "long",
        value: 0.875,
        interval: [0.8, 0.95],
        averagePrecision: { value: 0.9, interval: [0.8, 1] },
        falsePositiveRate: { value: 0.25, interval: [0, 0.5] },
        trainImages: 20,
        normalTestImages: 4,
        anomalousTestImages: 8,
      },
    ],
  },
  seconds: { search: 0.1 },
  versions: { dn2: "0.1.0" },
});

describe("a run record", () => {
  it("reads as a table with the published figure beside the measured one, and says what was reduced", () => {
    const table = record.toTable();
    expect(table).toMatch(/round +75\.00 +\[60\.00, 90\.00\] +80\.00 +50\.00 +10 +4 +8\n/);
    expect(table).toMatch(/mean +81\.25 +\[70\.00, 92\.50\]\n/);
    expect(table).toMatch(/published DN2 +82\.90\n/);
    expect(table).toMatch(/published MHRot +60\.50\n/);
    expect(table).toMatch(/published: with resnet101 features: .*\(paper, unverified\)/);
    expect(table).toContain("reduced: at most the first 10 training images of each class");
    expect(table).toContain("note: one class is left out");
  });

  it("says first of its notes what leaks were found, then where the test set is too small", () => {
    const notes = record.toTable().split("published MHRot")[1];
    expect(notes).toMatch(
      /leak check: of 12 test images 1 are identical .* 2 nearly so\n +warning: round: too few/,
    );
  });

  it("shows curves with intervals and the spread over seeds, and what the paper says of them", async () => {
    const { rocAuc: _, ...rest } = record.content;
    const varied = {
      xLabel: "images a group",
      classes: ["a", "b"],
      repeats: 3,
      definitions: ["what is normal"],
      curves: [
        {
          name: "mean <pooling>",
          points: [
            { x: 2, value: 0.7, interval: [0.65, 0.75] as const, overSeeds: 0.02, perClass: [0.6, 0.8] },
          ],
        },
      ],
    };
    const curves = new RunRecord({ ...rest, experiment: "groups", varied });
    expect(curves.toTable()).toMatch(/2 +70\.00 \[65\.00, 75\.00\] +2\.00/);
    expect(curves.toTable()).toContain("published: mean pooling beats concatenation");
    expect(curves.toTable()).toContain("what is normal");
    const bundle = await curves[jupyterDisplay]();
    expect(bundle["text/html"]).toContain("mean &#60;pooling&#62;");
    expect(String(curves)).toBe("groups on wbc with embedded: ROCAUC over images a group (mean <pooling>)");
  });

  it("becomes JSON with figures as fractions and an interval beside each", () => {
    const { rocAuc } = JSON.parse(JSON.stringify(record));
    expect(rocAuc.mean).toBe(0.8125);
    expect(rocAuc.interval).toEqual([0.7, 0.925]);
    expect(rocAuc.perClass[0].interval).toEqual([0.6, 0.9]);
    expect(String(record)).toBe("unimodal on wbc with embedded, k = 2: mean ROCAUC 81.25 %");
  });
});

describe("published figures", () => {
  it("are found by experiment and data set, that of DN2 first", () => {
    expect(publishedFigures("multimodal", "cifar10").map(({ method, rocAuc }) => [method, rocAuc])).toEqual([
      ["DN2", 0.717],
      ["Geometric", 0.617],
    ]);
    expect(publishedFigure("unimodal", "synthetic")).toBeUndefined();
    expect(publishedStatement("contamination")).toContain("cleaning half");
    expect(publishedStatement("toString")).toBeUndefined();
    expect(publishedStatement("ablation", { vary: "extractor" })).toContain("deeper");
    expect(publishedStatement("ablation", { vary: "inputSize" })).toBeUndefined();
    expect(publishedStatement("groups", { rule: "anomaly-share" })).toBeUndefined();
  });
});
