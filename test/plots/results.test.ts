import { describe, expect, it } from "vitest";
import {
  type Figure,
  plotAucByClass,
  plotAucCurves,
  plotRecord,
  plotStabilityByK,
} from "../../src/plots/index.js";
import type { ClassFigures, CurveResult, RunContent } from "../../src/protocols/index.js";
import { hostile } from "./examples.js";
import { expectDrawn, expectGolden, svgDocument, texts } from "./golden.js";

const measured = { value: 0.5, interval: [0.4, 0.6] as const };

function classFigures(values: Record<string, number>): ClassFigures {
  const perClass = Object.entries(values).map(([name, value]) => ({
    class: name,
    value,
    interval: [value - 0.02, value + 0.01] as const,
    averagePrecision: measured,
    falsePositiveRate: measured,
    trainImages: 10,
    normalTestImages: 5,
    anomalousTestImages: 5,
  }));
  return { mean: 0.8, interval: [0.79, 0.81], perClass };
}

function curves(names: readonly string[], x: readonly (number | string)[], xLabel: string): CurveResult {
  return {
    xLabel,
    classes: ["all"],
    repeats: 2,
    curves: names.map((name, c) => ({
      name,
      points: x.map((at, i) => {
        const value = 0.85 + 0.01 * i - 0.03 * c;
        return {
          x: at,
          value,
          interval: [value - 0.02, value + 0.02] as const,
          overSeeds: 0.01,
          perClass: [value],
        };
      }),
    })),
    definitions: [],
  };
}

const content = {
  experiment: "unimodal",
  dataset: { name: "cifar10", contentHash: "", train: 10000, test: 10000, unreadable: 0, notes: [] },
  extractor: { name: "mobilenet_v2", layer: "", dimensions: 1280, weightsHash: "", engine: "" },
  preparation: "",
  k: 2,
  distance: "squared",
  normalize: false,
  reductions: [],
  rocAuc: classFigures({ airplane: 0.86, cat: 0.74 }),
  seconds: {},
  versions: {},
} satisfies RunContent;

const cases: Record<string, { draw: () => Figure; labels: string[] }> = {
  "auc-by-class": {
    draw: () => plotAucByClass(classFigures({ cat: 0.75, dog: 0.9 }), { title: "Two classes" }),
    labels: ["Two classes", "cat", "dog", "mean", "75.0", "90.0", "80.0", "ROCAUC (%)"],
  },
  "auc-by-class-compared": {
    draw: () =>
      plotAucByClass(classFigures({ cat: 0.45, dog: 0.9 }), {
        name: "raw",
        compare: [{ name: "L2-normalised", figures: classFigures({ cat: 0.8, dog: 0.95 }) }],
        references: [{ name: "paper", value: 0.925 }],
      }),
    labels: ["80.0 raw", "80.0 L2-normalised", "paper", "92.5"],
  },
  "auc-curves": {
    draw: () => plotAucCurves(curves(["mean", "max"], [2, 3, 4, 6], "images a group")),
    labels: ["88.0 mean", "85.0 max", "Images a group", "ROCAUC against images a group"],
  },
  "auc-curves-from-zero": {
    draw: () =>
      plotAucCurves(curves(["without cleaning"], [0, 0.1, 0.3], "share"), {
        references: [{ name: "paper", value: 0.925 }],
      }),
    labels: ["87.0 without cleaning", "92.5 paper"],
  },
  "auc-curves-words": {
    draw: () => plotAucCurves(curves(["DN2"], ["pixels", "embedded"], "extractor")),
    labels: ["pixels", "embedded", "85.0", "86.0", "Extractor"],
  },
  "record-classes": {
    draw: () => plotRecord({ content }),
    labels: [
      "unimodal on cifar10",
      "paper, unverified: DN2 (resnet101)",
      "paper, unverified: MHRot",
      "mobilenet_v2 features; 10000 training and 10000 test images, k = 2, squared distance; 95 % intervals",
    ],
  },
  "record-curves": {
    draw: () => {
      const varied = curves(["DN2"], [2, 10, 100], "training images");
      return plotRecord({ content: { ...content, experiment: "few-images", rocAuc: undefined, varied } });
    },
    labels: ["few-images on cifar10", "100", "87.0 DN2", "92.5 DN2 (resnet101)", "paper, unverified"],
  },
  "stability-by-k": {
    draw: () =>
      plotStabilityByK({
        correlation: Float64Array.of(0.8, 0.9, 0.95, 0.96),
        standardError: Float64Array.of(0.02, 0.02, 0.02, 0.02),
        k: 3,
      }),
    labels: ["Stability of the ranking against k", "k = 3: 0.950", "Rank correlation of the two halves"],
  },
};

describe.each(Object.entries(cases))("the figure %s", (name, { draw, labels }) => {
  it("has the specification that was approved", async () => expectGolden(name, draw()));
  it("is drawn whole, with its labels and without complaint", async () => expectDrawn(draw(), labels));
});

describe("figures of results", () => {
  it("draw every interval from its low to its high end", () => {
    const { layout } = plotAucByClass(classFigures({ cat: 0.75 }));
    const bars = (layout.shapes as { type: string; x0: number; x1: number }[]).filter(
      ({ type }) => type === "rect",
    );
    expect(bars.map(({ x0, x1 }) => [x0, x1])).toEqual([
      [73, 76],
      [79, 81],
    ]);
  });

  it("have a tick for each number of an axis that ends in a word", async () => {
    const { curves: drawn, ...rest } = curves(["centers"], [1, 10, 50], "centers");
    const all = { name: "all", points: [{ ...drawn[0].points[0], x: "all" }] };
    const ticks = svgDocument(await plotAucCurves({ ...rest, curves: [...drawn, all] }).svg());
    expect([...ticks.querySelectorAll(".xtick text")].map((text) => text.textContent)).toEqual([
      ...["1", "10", "50", "all"],
    ]);
  });

  it("bring no markup of names into the page", async () => {
    const named = [
      plotAucByClass(classFigures({ [hostile]: 0.7 }), {
        name: hostile,
        compare: [{ name: hostile, figures: classFigures({ [hostile]: 0.8 }) }],
        references: [{ name: hostile, value: 0.9 }],
      }),
      plotAucCurves(curves([hostile], [1, 2], hostile), { references: [{ name: hostile, value: 0.9 }] }),
    ];
    for (const figure of named) {
      const specification = JSON.stringify({ data: figure.data, layout: figure.layout });
      expect(specification).not.toMatch(/<(?!\/?b>|br>|extra>|\/extra>)/);
      const svg = await figure.svg();
      expect(svgDocument(svg).querySelectorAll("a, img, script, foreignObject, [onerror]")).toHaveLength(0);
      expect(texts(svg)).toContain("<img");
    }
  });

  it("are refused where there is nothing to draw or methods do not fit", () => {
    expect(() => plotAucCurves({ ...curves([], [], "k") })).toThrow("needs at least one point; got none");
    expect(() => plotAucByClass(classFigures({}))).toThrow("needs at least one class; got none");
    const compare = [{ name: "other", figures: classFigures({ dog: 0.8 }) }];
    expect(() => plotAucByClass(classFigures({ cat: 0.8 }), { compare })).toThrow(
      "other must have the same classes as the first figures; got dog",
    );
    expect(() => plotRecord({ content: { ...content, rocAuc: undefined } })).toThrow(
      "needs a record with figures",
    );
    expect(() => plotAucCurves(curves(["a"], [1], "k"), { colour: 1 } as object)).toThrow("unknown option");
  });
});
