import { describe, expect, it } from "vitest";
import { RunRecord } from "../../src/protocols/index.js";

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
  rocAuc: {
    mean: 0.8125,
    perClass: [
      { class: "round", value: 0.75, trainImages: 10, normalTestImages: 4, anomalousTestImages: 8 },
      { class: "long", value: 0.875, trainImages: 20, normalTestImages: 4, anomalousTestImages: 8 },
    ],
  },
  seconds: { search: 0.1 },
  versions: { dn2: "0.1.0" },
});

describe("a run record", () => {
  it("reads as a table with the published figure beside the measured one, and says what was reduced", () => {
    const table = record.toTable();
    expect(table).toContain("  round   75.00  10 training, 4 normal and 8 anomalous test images");
    expect(table).toContain("  mean    81.25");
    expect(table).toMatch(/82\.90 {2}published, with resnet101 features: .*\(paper, unverified\)/);
    expect(table).toContain("reduced: at most the first 10 training images of each class");
    expect(table).toContain("note: one class is left out");
  });

  it("becomes JSON with figures as fractions", () => {
    expect(JSON.parse(JSON.stringify(record)).rocAuc.mean).toBe(0.8125);
    expect(String(record)).toBe("unimodal on wbc with embedded, k = 2: mean ROCAUC 81.25 %");
  });
});
