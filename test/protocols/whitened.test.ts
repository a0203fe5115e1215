import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { Whitening } from "../../src/extractors/index.js";
import { rocAuc } from "../../src/metrics/index.js";
import { NeighborIndex } from "../../src/neighbors/index.js";
import {
  contamination,
  fewImages,
  groups,
  kMeansCenters,
  multimodal,
  neighborsCurve,
  unimodal,
} from "../../src/protocols/index.js";
import { beyondPublished } from "../../src/protocols/normalization.js";
import { cleanTrainingSet } from "../../src/scoring/clean-training-set.js";
import { ContaminationPool } from "../../src/scoring/index.js";
import { clouds } from "./points.js";

const names = ["a", "b", "c"];
const train = clouds("train", 24, names, 1);
const test = clouds("test", 20, names, 2);
const whitened = { k: 2, normalize: "whitened", replicates: 100 } as const;

const rowsOf = (isWanted: (name: string) => boolean) =>
  [...train.images!.labels.keys()].filter((i) => isWanted(names[train.images!.labels[i]]));

async function scoresBy(training: typeof train): Promise<Float64Array> {
  const whitening = await Whitening.fit(training);
  const index = new NeighborIndex(await whitening.apply(training));
  return (await index.search(await whitening.apply(test), 2)).scores(2).values;
}

const plain = unimodal(train, test, whitened);

describe("whitened features, by the training images of a fold and no others,", () => {
  it("of all classes but the left-out one in the multimodal experiment", async () => {
    const found = await multimodal(train, test, whitened);
    for (const { class: name, value } of found.perClass) {
      const scores = await scoresBy(train.subset(rowsOf((one) => one !== name)));
      const isLeftOut = test.images!.isAnomaly(name).map((one) => 1 - one);
      expect(value).toBeCloseTo(rocAuc(scores, isLeftOut), 12);
    }
  });

  it("of the class in the experiments with K-means and over k", async () => {
    const { perClass } = await plain;
    const expected = perClass.map(({ value }) => value);
    const { curves } = await kMeansCenters(train, test, { k: 2, normalize: "whitened", centers: [24] });
    const [centers, all] = curves.map(({ points }) => points[0].perClass);
    centers.forEach((value, c) => void expect(value).toBeCloseTo(expected[c], 2));
    expect(all).toEqual(expected);
    const overK = await neighborsCurve(train, test, { ks: [2], normalize: "whitened" });
    expect(overK.curves[0].points[0].perClass).toEqual(expected);
  });

  it("of each subset with few images", async () => {
    const options = { k: 2, normalize: "whitened", repeats: 1, seed: 3 } as const;
    const { curves } = await fewImages(train, test, { ...options, sizes: [6, 24] });
    const [few, all] = curves[0].points;
    const { perClass } = await plain;
    perClass.forEach(({ value }, c) => void expect(all.perClass[c]).toBeCloseTo(value, 2));
    for (const [c, name] of names.entries()) {
      const rows = rowsOf((one) => one === name);
      const order = new Random(3).fork(`${name} 0`).sample(24, 24);
      const subset = train.subset(Array.from(order.subarray(0, 6), (place) => rows[place]));
      const area = rocAuc(await scoresBy(subset), test.images!.isAnomaly(name));
      expect(few.perClass[c]).toBeCloseTo(area, 12);
    }
    await expect(fewImages(train, test, { ...options, sizes: [1] })).rejects.toThrow(
      /sizes must be whole numbers from 2 to 24 .*; got 1/,
    );
  });

  it("of each contaminated training set, and anew of what cleaning leaves", async () => {
    const { curves } = await contamination(train, test, {
      k: 2,
      normalize: "whitened",
      normalClasses: ["b"],
      rates: [0.25],
      cleaned: [0, 0.5],
      repeats: 1,
      seed: 5,
    });
    const normal = train.subset(rowsOf((one) => one === "b"));
    const others = train.subset(rowsOf((one) => one !== "b"));
    const pool = new ContaminationPool(normal, others, new Random(5).fork("b 0"), { maxRate: 0.25 });
    const set = pool.trainingSet(0.25);
    const truth = test.images!.isAnomaly("b");
    expect(curves[0].points[0].value).toBeCloseTo(rocAuc(await scoresBy(set), truth), 12);
    const inside = await (await Whitening.fit(set)).apply(set);
    const { kept } = await cleanTrainingSet(inside, { fraction: 0.5, k: 2 });
    expect(curves[1].points[0].value).toBeCloseTo(rocAuc(await scoresBy(set.subset(kept)), truth), 12);
  });

  it("of the classes of a draw with groups", async () => {
    const two = ["a", "b"];
    const [bank, asked] = [clouds("train", 24, two, 1), clouds("test", 20, two, 2)];
    const options = { sizes: [2], count: 20, repeats: 2, seed: 1 } as const;
    const whitening = await Whitening.fit(bank);
    const before = await groups(await whitening.apply(bank), await whitening.apply(asked), options);
    const found = await groups(bank, asked, { ...options, normalize: "whitened" });
    const values = ({ curves }: typeof found) => curves.map(({ points }) => points[0].value);
    values(found).forEach((value, i) => void expect(value).toBeCloseTo(values(before)[i], 2));
    expect(values(found)).not.toEqual(values(await groups(bank, asked, options)));
  });

  it("which the record says", () => {
    const said = (experiment: string) => beyondPublished("it", { normalization: "whitened", experiment })[0];
    expect(said("unimodal")).toMatch(/whitened by the normal class's training images/);
    expect(said("multimodal")).toMatch(/all classes but the left-out one/);
    expect(said("few-images")).toMatch(/of each subset/);
  });
});
