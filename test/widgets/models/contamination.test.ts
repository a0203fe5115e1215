import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { setProgressListener } from "../../../src/core/progress.js";
import { Random } from "../../../src/core/random.js";
import { ImageSet } from "../../../src/datasets/image-set.js";
import { Features } from "../../../src/extractors/features.js";
import { compareRocAuc, rocAuc } from "../../../src/metrics/index.js";
import { NeighborIndex } from "../../../src/neighbors/index.js";
import { cleanTrainingSet } from "../../../src/scoring/clean-training-set.js";
import { ContaminationPool } from "../../../src/scoring/index.js";
import {
  type ContaminationData,
  compactData,
  contaminationData,
  createModel,
} from "../../../src/widgets/models/index.js";
import { withoutNames } from "./tables.js";

/** Points with whole coordinates, so that float32 distances are exact. */
function points(name: string, count: number, middle: number, random: Random): Features {
  const draw = () => Math.round(middle + 9 * random.normal());
  return Features.fromRows(
    Array.from({ length: count }, () => [draw(), draw(), draw()]),
    { ids: Array.from({ length: count }, (_, i) => `${name}${i}`) },
  );
}

setProgressListener(() => {});
const random = new Random("contamination");
const pool = new ContaminationPool(points("n", 60, 0, random), points("a", 80, 14, random), new Random(3));
const test = Features.concat(points("tn", 40, 0, random), points("ta", 50, 14, random));
const isAnomaly = Uint8Array.from({ length: 90 }, (_, i) => Number(i >= 40));
const data = await contaminationData(pool, test, isAnomaly, { kMax: 4 });
const model = createModel(data);

const values = (view: { readouts: readonly { label: string; value: string; detail?: string }[] }) =>
  Object.fromEntries(view.readouts.map(({ label, value, detail }) => [label, { value, detail }]));

describe("the model of exploreContamination", () => {
  it("has sliders for rate, cleaned fraction and k", () => {
    expect(model.controls).toMatchObject([
      { name: "rate", min: 0, max: 0.5, step: 0.05, format: "percent" },
      { name: "cleaned", min: 0, max: 0.9, step: 0.1, format: "percent" },
      { name: "k", min: 1, max: 4 },
    ]);
    expect(model.defaults).toEqual({ rate: 0.1, cleaned: 0.5, k: 2 });
  });

  it("shows what a new search in the contaminated and in the cleaned training set gives", async () => {
    const settings = fc.record({
      rate: fc.constantFrom(...data.rates),
      cleaned: fc.constantFrom(...data.cleaned),
      k: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ rate, cleaned, k }) => {
        const view = model.view({ rate, cleaned, k });
        const shown = values(view);
        const train = pool.trainingSet(rate);
        const after = await cleanTrainingSet(train, { fraction: cleaned, k });
        const score = async (features: Features) =>
          (await new NeighborIndex(features).search(test, k)).scores(k).values;
        const [plain, mended] = [await score(train), await score(after.features)];
        expect(shown["ROCAUC as it is"].value).toBe(`${(100 * rocAuc(plain, isAnomaly)).toFixed(1)} %`);
        const { first, low, high } = compareRocAuc(mended, plain, isAnomaly);
        expect(shown["ROCAUC cleaned"]).toEqual({
          value: `${(100 * first.rocAuc).toFixed(1)} %`,
          detail: `${(100 * first.low).toFixed(1)} to ${(100 * first.high).toFixed(1)} %, 95 % interval (DeLong)`,
        });
        if (cleaned > 0) {
          const bounds = (shown.gain.detail ?? "")
            .replaceAll("−", "-")
            .match(/[+-][\d.]+/g)
            ?.map(Number);
          expect(shown.gain.detail).toMatch(/ points, paired \(DeLong\)$/);
          expect(Math.abs(bounds![0] - 100 * low)).toBeLessThan(0.06);
          expect(Math.abs(bounds![1] - 100 * high)).toBeLessThan(0.06);
        }
        const removedAnomalies = Array.from(after.removed).filter((row) => row >= 60);
        expect(shown.removed.value).toBe(String(after.removed.length));
        expect(view.galleries[0].tiles.map((tile) => tile.index)).toEqual(
          removedAnomalies
            .sort((a, b) => after.scores.values[b] - after.scores.values[a] || a - b)
            .slice(0, 12),
        );
        expect(view.galleries[1].tiles).toHaveLength(
          Math.min(12, after.removed.length - removedAnomalies.length),
        );
        expect(view.galleries[2].tiles).toHaveLength(Math.min(12, train.n - 60 - removedAnomalies.length));
      }),
      { numRuns: 40 },
    );
  });

  it("draws the same figures with the same traces for all settings", () => {
    const shapes = data.rates.flatMap((rate) =>
      data.cleaned.map((cleaned) =>
        JSON.stringify(
          model.view({ rate, cleaned }).figures.map((figure) => [figure.name, figure.data.length]),
        ),
      ),
    );
    expect(new Set(shapes).size).toBe(1);
    expect(shapes[0]).toMatch(/auc.*roc.*training/);
    const empty = JSON.stringify(model.view({ rate: 0, cleaned: 0.9, k: 1 }));
    expect(empty.match(/.{40}(null|NaN)/)).toBeNull();
  });

  it("lets the place be dragged from which on images are removed", () => {
    for (const cleaned of data.cleaned) {
      const { drag } = model.view({ rate: 0.3, cleaned }).figures[2];
      expect(drag?.setting).toBe("cleaned");
      if (cleaned > 0) expect(drag?.value(drag.x)).toBe(cleaned);
    }
    const { drag } = model.view({}).figures[2];
    expect([drag?.value(-1), drag?.value(1e9)]).toEqual([0.9, 0]);
  });

  it("moves values between two steps and out of range to the nearest step", () => {
    const same = (a: object, b: object) =>
      expect(JSON.stringify(model.view(a as never))).toBe(JSON.stringify(model.view(b as never)));
    same({ rate: 0.12, cleaned: 0.33, k: 9 }, { rate: 0.1, cleaned: 0.3, k: 4 });
    same({ rate: 7, cleaned: -1 }, { rate: 0.5, cleaned: 0 });
    same({ rate: "x", cleaned: Number.NaN }, {});
  });

  it("explains the score of a training image inside the training set", async () => {
    const { tiles } = model.view({ rate: 0.2, k: 3 }).galleries[0];
    const explained = model.explain!(tiles[0], { rate: 0.2, k: 3 })!;
    expect(explained.defaults).toMatchObject({ k: 3, image: tiles[0].index });
    const view = explained.view({});
    const train = pool.trainingSet(0.2);
    const table = await new NeighborIndex(train).search(train, 4, { excludeSelf: true });
    expect(view.readouts[0]).toMatchObject({ value: train.ids[tiles[0].index], detail: "an anomaly" });
    expect(view.galleries[1].tiles.map((tile) => tile.index)).toEqual(
      table.neighbors(tiles[0].index).map(({ index }) => index),
    );
    expect(view.galleries[0].tiles[0]).toMatchObject({ set: "train", frame: "anomaly" });
    expect(model.explain!({ set: "test", index: 0, caption: "" }, {})).toBeUndefined();
    expect(model.explain!({ set: "train", index: 60, caption: "" }, { rate: 0 })).toBeUndefined();
  });

  it("takes the images of the pool and writes their classes below them", async () => {
    const named = (features: Features, label: string) => {
      const pixel = { width: 1, height: 1, channels: 1, data: new Uint8Array(1) } as never;
      const images = ImageSet.fromImages(label, new Array(features.n).fill(pixel), {
        ids: features.ids,
        labels: new Int32Array(features.n),
        classNames: [label],
      });
      return new Features(features.data, features.d, features.ids, { images });
    };
    const withImages = new ContaminationPool(
      named(points("n", 12, 0, random), "cell"),
      named(points("a", 12, 20, random), "<b>dust</b>"),
      new Random(1),
      { maxRate: 0.2 },
    );
    const own = await contaminationData(withImages, test, isAnomaly, {
      kMax: 1,
      cleanedStep: 0.3,
      title: "T",
    });
    expect([own.rates, own.cleaned, own.title]).toEqual([
      [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2],
      [0, 0.3, 0.6, 0.9],
      "T",
    ]);
    const view = createModel(own).view({ rate: 0.2, cleaned: 0.3 });
    const anomalies = [...view.galleries[0].tiles, ...view.galleries[2].tiles];
    expect(anomalies).toHaveLength(3);
    expect(anomalies.every((tile) => tile.caption.startsWith("<b>dust</b> · "))).toBe(true);
    expect(view.galleries[1].tiles.every((tile) => tile.caption.startsWith("cell · "))).toBe(true);
    expect(JSON.stringify(view.figures)).not.toContain("dust");
  });

  it("refuses what it cannot use with one sentence", async () => {
    const fails = (promise: Promise<unknown>, message: string) => expect(promise).rejects.toThrow(message);
    await fails(contaminationData({} as never, test, isAnomaly), "needs a ContaminationPool");
    await fails(
      contaminationData(pool, test, isAnomaly.slice(1)),
      "one label for each of the 90 test images; got 89",
    );
    await fails(contaminationData(pool, test, new Uint8Array(90)), "every label says normal");
    await fails(
      contaminationData(pool, test, isAnomaly, { kMax: 7 }),
      "kMax must be an integer from 1 to 6 (images left of the normal ones after cleaning); got 7",
    );
    await fails(
      contaminationData(pool, test, isAnomaly, { rateStep: 0.6 }),
      "rateStep must be above 0 and at most 0.5",
    );
    await fails(contaminationData(pool, test, isAnomaly, { cleanedStep: 1e-3 }), "at most 100 steps");
    await fails(contaminationData(pool, test, isAnomaly, { k: 2 } as never), "unknown option k");
    const none = new ContaminationPool(points("n", 5, 0, random), points("a", 9, 0, random), new Random(1), {
      maxRate: 0,
    });
    await fails(
      contaminationData(none, test, isAnomaly),
      "needs at least one anomaly; the pool has none beside 5",
    );
    await fails(contaminationData(pool, test, isAnomaly, { signal: AbortSignal.abort() }), "interrupted");
  });
});

describe("compactData of a contaminated training set", () => {
  const check = (maxBytes: number) => {
    const { data: small, notes } = compactData(data, { maxBytes });
    return { small: small as ContaminationData, notes, compact: createModel(small) };
  };

  it("goes up to a smaller k first and stays exact", () => {
    const { small, notes, compact } = check(24_000);
    expect(small.kMax).toBeLessThan(4);
    expect(notes).toEqual([`to stay small this page goes up to k = ${small.kMax} instead of 4`]);
    for (const rate of [0, 0.25, 0.5]) {
      for (const cleaned of [0, 0.4, 0.9]) {
        const chosen = { rate, cleaned, k: small.kMax };
        const [before, after] = [model, compact].map((one) => one.view(chosen));
        expect(after.readouts).toEqual(before.readouts);
        expect(withoutNames(after)).toEqual(withoutNames(before));
        expect(JSON.stringify(after.figures.slice(1))).toBe(JSON.stringify(before.figures.slice(1)));
      }
    }
  });

  it("keeps some of the test images where that is not enough, and says so", () => {
    const { small, notes, compact } = check(13_000);
    expect(small.isAnomaly.length).toBeLessThan(90);
    expect(new Set(small.isAnomaly).size).toBe(2);
    expect(notes).toHaveLength(2);
    const [before, after] = [model, compact].map((one) => one.view({ rate: 0.2, cleaned: 0.3, k: 2 }));
    expect(after.readouts[1]).toEqual(before.readouts[1]);
    expect(withoutNames(after)).toEqual(withoutNames(before));
    expect(after.notes).toEqual([expect.stringContaining("of 90 test images")]);
  });
});
