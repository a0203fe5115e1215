import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ImageSet } from "../../../src/datasets/image-set.js";
import { rocAuc, rocAucInterval } from "../../../src/metrics/index.js";
import { withMark } from "../../../src/widgets/models/figures/with-mark.js";
import { compactData, createModel, exploreData } from "../../../src/widgets/models/index.js";
import { madeUpTable, withoutNames } from "./tables.js";

const { table, isAnomaly } = madeUpTable(200, 16, "explore");
const data = exploreData(table, isAnomaly);
const model = createModel(data);

const settings = fc.record({
  k: fc.integer({ min: 1, max: 16 }),
  distance: fc.constantFrom("squared" as const, "euclidean" as const),
  statistic: fc.constantFrom("mean" as const, "kth" as const),
  called: fc.integer({ min: 0, max: 1000 }).map((share) => share / 1000),
});

const values = (view: { readouts: readonly { label: string; value: string }[] }) =>
  Object.fromEntries(view.readouts.map(({ label, value }) => [label, value]));

describe("the model of explore", () => {
  it("shows what a table's scores say, for every k, variant and threshold", () => {
    fc.assert(
      fc.property(settings, ({ called, ...chosen }) => {
        const { k, ...variant } = chosen;
        const scores = table.scores(k, variant).values;
        const view = model.view({ ...chosen, called });
        const shown = values(view);
        const { low, high } = rocAucInterval(scores, isAnomaly);
        expect(shown.ROCAUC).toBe(`${(100 * rocAuc(scores, isAnomaly)).toFixed(1)} %`);
        expect(view.readouts[0].detail).toBe(
          `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %, 95 % interval (DeLong)`,
        );
        const descending = [...scores].sort((a, b) => b - a);
        const count = Math.floor(called * 200 + 1e-6);
        const over = scores.map((score) => Number(count > 0 && score >= descending[count - 1]));
        const falseAlarms = over.filter((one, i) => one === 1 && isAnomaly[i] === 0).length;
        const misses = over.filter((one, i) => one === 0 && isAnomaly[i] === 1).length;
        expect([shown["false alarms"], shown.misses]).toEqual([String(falseAlarms), String(misses)]);
        const [most, alarms, missed] = view.galleries;
        expect(most.tiles.map((tile) => tile.index)).toEqual(
          [...table.scores(k, variant).rank()].slice(0, 12),
        );
        expect(alarms.tiles).toHaveLength(Math.min(12, falseAlarms));
        expect(missed.tiles).toHaveLength(Math.min(12, misses));
        expect(alarms.tiles.every(({ index, frame }) => isAnomaly[index] === 0 && frame === "normal")).toBe(
          true,
        );
        expect(missed.tiles.every(({ index, frame }) => isAnomaly[index] === 1 && frame === "anomaly")).toBe(
          true,
        );
      }),
    );
  });

  it("draws the same figures with the same traces for all settings, with at most 500 points", () => {
    const shape = (chosen: object) =>
      model.view(chosen as never).figures.map(({ name, data }) => [name, data.length]);
    const first = shape(model.defaults);
    expect(first.map(([name]) => name)).toEqual(["scores", "roc", "auc"]);
    fc.assert(
      fc.property(settings, (chosen) => {
        expect(shape(chosen)).toEqual(first);
        for (const { data, alt } of model.view(chosen).figures) {
          expect(alt).not.toBe("");
          for (const trace of data) expect((trace as { x: number[] }).x.length).toBeLessThanOrEqual(500);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("marks the current k and draws the interval of every k", () => {
    const { figures } = model.view({ k: 5, distance: "euclidean" });
    const auc = figures[2];
    const [band, line] = auc.data as { x: number[]; y: number[] }[];
    const areas = Array.from({ length: 16 }, (_, i) =>
      rocAucInterval(table.scores(i + 1, { distance: "euclidean" }).values, isAnomaly),
    );
    areas.forEach(({ rocAuc: area, low, high }, i) => {
      expect(line.y[i]).toBeCloseTo(100 * area, 10);
      expect(band.y[i]).toBeCloseTo(100 * high, 4);
      expect(band.y[31 - i]).toBeCloseTo(100 * low, 4);
    });
    expect(auc.mark).toMatchObject({ x: 5, points: [{ y: line.y[4] }] });
    const next = model.view({ k: 6, distance: "euclidean" }).figures[2];
    expect(next).toEqual({ ...auc, alt: expect.any(String), mark: expect.anything() });
    expect(next.mark!.x).toBe(6);
    const drawn = withMark(auc);
    expect(drawn.data.at(-1)).toMatchObject({ x: [5], y: [line.y[4]] });
    expect((drawn.layout as { shapes: object[] }).shapes).toMatchObject([{ x0: 5, x1: 5 }]);
  });

  it("puts a dragged line where it was dragged to", () => {
    const { figures } = model.view({ k: 3 });
    const drag = figures[0].drag!;
    expect(drag.setting).toBe("called");
    const step = (score: number) => model.view({ k: 3, called: drag.value(score) }).figures[0].drag!.x;
    const range = (figures[0].layout as { xaxis: { range: [number, number] } }).xaxis.range;
    const sorted = [...table.scores(3).values].sort((a, b) => a - b);
    for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
      const x = range[0] + share * (range[1] - range[0]);
      const after = sorted.findIndex((score) => score >= x);
      const [low, high] = [sorted[after - 1] ?? range[0], sorted[after] ?? range[1]];
      expect(Math.abs(step(x) - x)).toBeLessThanOrEqual(0.25 * (high - low) + 1e-9);
    }
    expect(drag.value(Number.POSITIVE_INFINITY)).toBe(0);
    expect(drag.value(Number.NEGATIVE_INFINITY)).toBe(1);
  });

  it("starts at k = 2 with at most 5 % false alarms and moves values out of range to the nearest", () => {
    expect(model.defaults).toMatchObject({ k: 2, distance: "squared", statistic: "mean" });
    const start = values(model.view({}));
    const normals = isAnomaly.filter((one) => one === 0).length;
    expect(Number(start["false alarms"])).toBeLessThanOrEqual(Math.ceil(0.05 * normals));
    expect(Number(start["false alarms"])).toBeGreaterThan(0);
    const same = (a: object, b: object) =>
      expect(JSON.stringify(model.view(a as never))).toBe(JSON.stringify(model.view(b as never)));
    same({ k: 99, called: 7 }, { k: 16, called: 1 });
    same({ k: -3.2 }, { k: 1 });
    same({ k: 2.4 }, { k: 2 });
    same({ k: Number.NaN, distance: "manhattan", statistic: 5 }, {});
  });

  it("works without labels, then shows scores and images only", () => {
    const view = createModel(exploreData(table)).view({ called: 0.1 });
    expect(view.figures.map((figure) => figure.name)).toEqual(["scores"]);
    expect(view.galleries.map((gallery) => gallery.name)).toEqual(["most", "least"]);
    expect(view.readouts.map((readout) => readout.label)).toEqual(["threshold"]);
    expect(view.readouts[0].detail).toBe("20 images of 200 called anomalous (10.0 %)");
    expect(view.galleries[0].tiles[0]).not.toHaveProperty("frame");
    const ranking = table.scores(2).rank();
    expect(view.galleries[1].tiles.map((tile) => tile.index)).toEqual([...ranking].reverse().slice(0, 12));
  });

  it("leaves out the interval where there are too few images for one", () => {
    const few = madeUpTable(5, 2, 1).table;
    const view = createModel(exploreData(few, [0, 0, 1, 0, 0])).view({});
    expect(view.readouts[0]).not.toHaveProperty("detail");
    expect((view.figures[2].data[0] as { x: number[] }).x).toEqual([]);
    const one = madeUpTable(2, 1, 1).table;
    expect(createModel(exploreData(one, [0, 1])).view({}).figures).toHaveLength(3);
    expect(createModel(exploreData(madeUpTable(1, 1, 1).table)).view({}).figures).toHaveLength(1);
  });

  it("copes with equal scores", () => {
    const equal = madeUpTable(6, 2, 1).table;
    equal.distances.fill(3);
    const equalModel = createModel(exploreData(equal, [0, 1, 0, 1, 0, 1]));
    for (const called of [0, 0.3, 0.5, 1]) {
      const view = equalModel.view({ called });
      expect(values(view).ROCAUC).toBe("50.0 %");
      expect(JSON.stringify(view)).not.toMatch(/null|NaN/);
    }
  });

  it("writes class names as they are below images and nowhere in figures", () => {
    const name = "<img src=x onerror=alert(1)>";
    const pixel = { width: 1, height: 1, channels: 3, data: new Uint8Array(3) } as const;
    const images = ImageSet.fromImages("t", new Array(200).fill(pixel), {
      labels: isAnomaly,
      classNames: ["normal %{x}", name],
    });
    const view = createModel(exploreData(table, isAnomaly, { test: images })).view({});
    expect(view.galleries[2].tiles[0].caption).toMatch(/^<img src=x onerror=al… · /);
    expect(JSON.stringify(view.figures)).not.toMatch(/img|%\{x\}<\/|normal %/);
  });

  it("survives the way through a page's arrays", () => {
    const copied = createModel(structuredClone(data));
    const chosen = { k: 7, distance: "euclidean", called: 0.2 };
    expect(JSON.stringify(copied.view(chosen))).toBe(JSON.stringify(model.view(chosen)));
  });

  it("refuses what it cannot show with one sentence", () => {
    expect(() => exploreData({} as never)).toThrow("explore needs a NeighborTable");
    expect(() => exploreData(table, [0, 1])).toThrow(
      "explore needs one label for each of the 200 test images; got 2",
    );
    expect(() => exploreData(table, new Uint8Array(200))).toThrow(
      "explore compares anomalies with normal images and needs both; every label says normal; leave the labels out to see the scores alone",
    );
    expect(() => exploreData(table, new Uint8Array(200).fill(2))).toThrow("label 0 is 2");
    expect(() => exploreData(table, isAnomaly, { kMax: 17 })).toThrow("from 1 to 16");
    expect(() => exploreData(table, isAnomaly, { level: 95 })).toThrow("level must be above 0 and below 1");
    expect(() => exploreData(table, isAnomaly, { kmax: 3 } as never)).toThrow("unknown option kmax");
    const images = ImageSet.fromImages("t", []);
    expect(() => exploreData(table, isAnomaly, { test: images })).toThrow(
      "explore: test must have one image for each of the 200 scores, in their order; got 0",
    );
    const turned = ImageSet.fromImages("t", new Array(200).fill({}), { ids: [...table.queryIds].reverse() });
    expect(() => exploreData(table, isAnomaly, { test: turned })).toThrow(
      "explore: test must have the images in the order of the scores; image 0 is test/199.png, not test/0.png",
    );
    expect(() => createModel({ kind: "other" })).toThrow("unknown kind of explorer: other");
  });
});

describe("compactData", () => {
  it("keeps what fits and says what is missing", () => {
    expect(compactData(data)).toEqual({ data, notes: [] });
    const { data: small, notes } = compactData(data, { maxBytes: 9_000 });
    expect(notes).toEqual([
      expect.stringMatching(/^to stay small this page keeps \d+ of 16 neighbors an image/),
    ]);
    const compact = createModel(small);
    const kept = (small as typeof data).kMax;
    expect(kept).toBeGreaterThan(1);
    expect(kept).toBeLessThan(16);
    const [before, after] = [model, compact].map((one) => one.view({ k: kept, called: 0.3 }));
    expect(withoutNames(after)).toEqual(withoutNames(before));
    expect(JSON.stringify(after.figures)).toBe(JSON.stringify(before.figures));
    expect([after.readouts, after.notes]).toEqual([before.readouts, before.notes]);
    const asBase64 = (value: unknown): unknown =>
      ArrayBuffer.isView(value) ? Buffer.from(value.buffer as ArrayBuffer).toString("base64") : value;
    expect(JSON.stringify(small, (_, value) => asBase64(value)).length).toBeLessThan(14_000);
  });

  it("keeps one neighbor when nothing fits", () => {
    const { data: small } = compactData(data, { maxBytes: 1 });
    expect(createModel(small).view({ k: 4, called: 0.1 }).readouts).toEqual(
      model.view({ k: 1, called: 0.1 }).readouts,
    );
  });
});
