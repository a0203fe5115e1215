import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { loadDataSet } from "../../src/datasets/index.js";
import { listCache, loadExtractor, Whitening } from "../../src/extractors/index.js";
import { encodePng } from "../../src/images/index.js";
import { rocAuc } from "../../src/metrics/index.js";
import { NeighborIndex } from "../../src/neighbors/index.js";
import { checkRecord, compareRecords, experimentNames, runExperiment } from "../../src/protocols/index.js";
import { calibrateByLeavingOneOut } from "../../src/scoring/decisions/leave-one-out.js";
import { ensembleScores } from "../../src/scoring/ensemble.js";

const classes = ["a", "b", "c"];
const small = {
  unimodal: { replicates: 100 },
  multimodal: { replicates: 100 },
  groups: { sizes: [2], count: 10, repeats: 2 },
  "few-images": { sizes: [2, 5], repeats: 2 },
  contamination: { rates: [0, 0.2], repeats: 2 },
  kmeans: { centers: [2, 4] },
  k: { ks: [1, 3] },
  ablation: { vary: "normalize" },
  patches: { extractor: "embedded", inputSize: 32, patches: 50, replicates: 100 },
} as const;

let folder: string;
let base: { dataset: string; extractor: string; limitTrain: number; limitTest: number };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dn2-run-"));
  base = { dataset: join(folder, "set"), extractor: "pixels", limitTrain: 12, limitTest: 6 };
  const random = new Random(1);
  for (const part of ["train", "test"]) {
    for (const [c, name] of classes.entries()) {
      const path = join(base.dataset, part, name);
      await mkdir(path, { recursive: true });
      for (let i = 0; i < (part === "train" ? 14 : 7); i++) {
        const data = Uint8Array.from({ length: 8 * 8 * 3 }, (_, j) =>
          random.integer(j % 3 === c ? 256 : 200),
        );
        await writeFile(join(path, `${i}.png`), encodePng({ width: 8, height: 8, channels: 3, data }));
      }
    }
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("running an experiment", () => {
  it("gives every experiment's record with hashes, options, an interval beside each value, and seconds", async () => {
    for (const name of experimentNames) {
      const record = await runExperiment(name, { ...base, ...small[name], seed: 4 });
      const content = JSON.parse(JSON.stringify(record));
      expect(content).toMatchObject({
        experiment: name,
        seed: 4,
        dataset: { name: "set", train: 36, test: 18 },
      });
      expect(content.dataset.contentHash).toMatch(/^[0-9a-f]{64}$/);
      expect(content.leaks.checked).toBe(content.dataset.test);
      expect(content.reductions).toHaveLength(2);
      expect(Object.keys(content.seconds)).toContain("figures");
      const measured = content.rocAuc
        ? content.rocAuc.perClass
        : content.varied.curves.flatMap((curve: { points: unknown[] }) => curve.points);
      expect(measured.length).toBeGreaterThan(0);
      for (const { value, interval } of measured) {
        expect(interval[0]).toBeLessThanOrEqual(value);
        expect(interval[1]).toBeGreaterThanOrEqual(value);
      }
      expect(record.toTable()).toContain("leak check:");
    }
  });

  it("varies what an ablation is asked to vary", async () => {
    const run = (vary: "inputSize" | "distance", values?: number[]) =>
      runExperiment("ablation", { ...base, vary, ...(values ? { values } : {}) });
    const { varied } = (await run("inputSize", [8, 16])).content;
    expect(varied.curves[0].points.map(({ x }) => x)).toEqual(["8", "16"]);
    expect(varied.curves[0].points[0].value).not.toBe(varied.curves[0].points[1].value);
    expect((await run("distance")).content.varied.curves[0].points.map(({ x }) => x)).toEqual([
      "squared",
      "euclidean",
    ]);
  });

  it("takes what is beyond the paper as values of an ablation, says so, and each gives a figure of its own", async () => {
    const run = async (vary: "normalize" | "layer" | "extractor", values: string[], extractor: string) => {
      const { content } = await runExperiment("ablation", { ...base, extractor, vary, values });
      const [{ points }] = content.varied.curves;
      expect(points.map(({ x }) => x)).toEqual(values);
      expect(new Set(points.map(({ value }) => value)).size).toBe(values.length);
      return content.varied.definitions.join("; ");
    };
    expect(await run("normalize", ["raw", "L2", "whitened"], "pixels")).toMatch(
      /^L2 is beyond the published method: .*; whitened is beyond the published method: whitened by the normal class/,
    );
    expect(await run("layer", ["blocks.3", "blocks.3+blocks.5"], "embedded")).toMatch(
      /^blocks\.3\+blocks\.5 is beyond the published method: the layers' averages/,
    );
    expect(await run("extractor", ["pixels+embedded", "pixels", "embedded"], "pixels")).toMatch(
      /^pixels\+embedded is beyond the published method: mean of each extractor's score/,
    );
  });

  it("equals what the parts give: whitened features, and scores combined by hand", async () => {
    const set = (await loadDataSet(base.dataset)).limited({ train: 12, test: 6 });
    const extractors = await Promise.all([loadExtractor("pixels"), loadExtractor("embedded")]);
    const areas: { whitened: number[]; ensemble: number[] } = { whitened: [], ensemble: [] };
    for (const name of classes) {
      const members = [];
      for (const [e, extractor] of extractors.entries()) {
        const train = await extractor.extract(set.train.ofClass(name));
        const test = await extractor.extract(set.test);
        const scores = (await new NeighborIndex(train).search(test, 2)).scores(2);
        members.push({ scores, calibration: await calibrateByLeavingOneOut(train) });
        if (e > 0) continue;
        const whitening = await Whitening.fit(train);
        const index = new NeighborIndex(await whitening.apply(train));
        const table = await index.search(await whitening.apply(test), 2);
        areas.whitened.push(rocAuc(table.scores(2).values, set.isAnomaly(name)));
      }
      areas.ensemble.push(rocAuc(ensembleScores(members).values, set.isAnomaly(name)));
    }
    const whitened = await runExperiment("unimodal", { ...base, normalize: "whitened" });
    expect(whitened.content.normalize).toBe("whitened");
    expect(whitened.toTable()).toContain("pixels features, whitened, k = 2");
    expect(whitened.toTable()).toContain("this record is beyond the published method: whitened by");
    expect((await runExperiment("unimodal", base)).toTable()).not.toContain("beyond the published method");
    const ensemble = { ...base, vary: "extractor", values: ["pixels+embedded"] } as const;
    const { varied } = (await runExperiment("ablation", ensemble)).content;
    whitened.content.rocAuc.perClass.forEach(
      ({ value }, c) => void expect(value).toBeCloseTo(areas.whitened[c], 2),
    );
    varied.curves[0].points[0].perClass.forEach(
      (value, c) => void expect(value).toBeCloseTo(areas.ensemble[c], 2),
    );
  });

  it("refuses options of other experiments, unknown names and an ablation without values, before it reads images", async () => {
    const run = (name: string, options: object) =>
      runExperiment(name as "unimodal", { ...base, dataset: "nowhere", ...options });
    await expect(run("sideways", {})).rejects.toThrow(/unknown experiment: sideways; choose from unimodal/);
    await expect(run("unimodal", { rates: [0.1] })).rejects.toThrow(/unknown option rates/);
    await expect(run("k", { k: 3 })).rejects.toThrow(/unknown option k \(did you mean ks\?\);/);
    await expect(run("ablation", {})).rejects.toThrow(/unknown subject of an ablation/);
    await expect(run("ablation", { vary: "layer" })).rejects.toThrow(/needs the values/);
    await expect(run("ablation", { vary: "inputSize", values: ["big"] })).rejects.toThrow(/got big/);
    await expect(run("ablation", { vary: "normalize", values: ["blue"] })).rejects.toThrow(
      /choose from raw, L2, whitened/,
    );
    await expect(run("ablation", { vary: "extractor", values: ["pixels+nothing"] })).rejects.toThrow(
      /unknown extractor: nothing/,
    );
  });
});

describe("kept features", () => {
  it("are found again and give the same record; a damaged file is made anew", async () => {
    const cache = join(folder, "features");
    const own = { ...base, extractor: "embedded" };
    const run = async () => (await runExperiment("unimodal", { ...own, cache, replicates: 100 })).content;
    const first = await run();
    const images = async () => (await listCache(cache)).map((entry) => entry.images);
    const [{ folder: entry, images: kept }] = await listCache(cache);
    expect(kept).toBe(first.dataset.train + first.dataset.test);
    expect((await run()).rocAuc).toEqual(first.rocAuc);
    for (const file of (await readdir(entry)).filter((name) => name.endsWith(".npy"))) {
      await truncate(join(entry, file), 100);
    }
    expect((await run()).rocAuc).toEqual(first.rocAuc);
    await runExperiment("unimodal", { ...own, limitTest: 5, cache, replicates: 100 });
    expect(await images()).toEqual([kept]);
  });
});

describe("checking a record", () => {
  it("says equal when the run gives the same figures again, also of curves", async () => {
    for (const name of ["unimodal", "contamination", "ablation"] as const) {
      const { content } = await runExperiment(name, { ...base, ...small[name], seed: 3 });
      const check = await checkRecord(JSON.parse(JSON.stringify(content)));
      expect(check).toMatchObject({ isEqual: true, largestDifference: 0, differences: [] });
      expect(check.figures).toBeGreaterThan(1);
    }
  });

  it("names every figure and hash that differs", async () => {
    const { content } = await runExperiment("unimodal", { ...base, replicates: 100 });
    const changed = JSON.parse(JSON.stringify(content));
    changed.rocAuc.perClass[0].value += 0.01;
    changed.dataset.contentHash = "0".repeat(64);
    const { isEqual, differences, largestDifference } = await checkRecord(changed);
    expect(isEqual).toBe(false);
    expect(largestDifference).toBeCloseTo(0.01, 12);
    expect(differences).toHaveLength(2);
    expect(differences[0]).toMatch(/^images: 000000000000 in the record, [0-9a-f]{12} now$/);
    expect(differences[1]).toMatch(/^a: \d+\.\d\d in the record, \d+\.\d\d now$/);
    changed.rocAuc.perClass.pop();
    expect(compareRecords(changed, content).differences.join(" ")).toContain("c: missing in the record");
    expect(compareRecords(content, changed).differences.join(" ")).toContain("c: in the record only");
  });

  it("allows a false positive rate to differ by one image and no more", async () => {
    const { content } = await runExperiment("unimodal", { ...base, replicates: 100 });
    const changed = (images: number) => {
      const copy = JSON.parse(JSON.stringify(content));
      const [first] = copy.rocAuc.perClass;
      first.falsePositiveRate.value += images / first.normalTestImages;
      return compareRecords(content, copy);
    };
    expect(changed(1).isEqual).toBe(true);
    expect(changed(2).differences).toEqual([expect.stringMatching(/^a, FPR at 95 % TPR: .* in the record/)]);
  });

  it("refuses a record without the options it was made with", async () => {
    const { content } = await runExperiment("unimodal", { ...base, replicates: 100 });
    await expect(checkRecord({ ...content, options: undefined })).rejects.toThrow(/make it anew/);
  });
});
