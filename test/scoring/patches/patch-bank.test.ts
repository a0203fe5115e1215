import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setProgressListener } from "../../../src/core/progress.js";
import { Random } from "../../../src/core/random.js";
import { ImageSet } from "../../../src/datasets/index.js";
import { syntheticDefects } from "../../../src/datasets/synthetic/defect-set.js";
import { loadExtractor } from "../../../src/extractors/index.js";
import { rocAuc } from "../../../src/metrics/index.js";
import { pixelRocAuc } from "../../../src/metrics/pixel-roc-auc.js";
import { type Heatmap, PatchBank } from "../../../src/scoring/patches/index.js";

beforeEach(() => setProgressListener(() => {}));
afterEach(() => setProgressListener(undefined));

function isNear({ peak, mask }: Heatmap, reach: number): boolean {
  const { width, data } = mask as NonNullable<Heatmap["mask"]>;
  return data.some((value, i) => {
    const apart = Math.hypot((i % width) - peak.x, Math.floor(i / width) - peak.y);
    return value === 1 && apart <= reach;
  });
}

describe("a bank of patches", () => {
  const data = syntheticDefects({ train: 80, testNormal: 20, testDefect: 8 });

  it("refuses an extractor without a network", async () => {
    const pixels = await loadExtractor("pixels");
    await expect(PatchBank.build(pixels, data.train)).rejects.toThrow(
      "the maps of pixels have 3 channels, its feature 3072 values",
    );
  });

  it("finds drawn defects and where they are", async () => {
    const extractor = await loadExtractor("embedded", { layer: "blocks.2+blocks.4", inputSize: 64 });
    const bank = await PatchBank.build(extractor, data.train, { patches: 4000, random: new Random(1) });
    expect([bank.patches.n, bank.offered, bank.patches.d]).toEqual([4000, 80 * 1024, 192]);
    const scores = await bank.score(data.test);
    const isAnomaly = data.isAnomaly();
    expect(rocAuc(scores.scores().values, isAnomaly)).toBeGreaterThan(0.8);
    expect(new Set(scores.scores().values).size).toBe(data.test.length);
    const defects = [...isAnomaly.keys()].filter((i) => isAnomaly[i] === 1);
    const heatmaps = await Promise.all(defects.map((i) => scores.heatmap(i)));
    const found = heatmaps.filter((heatmap) => isNear(heatmap, 2)).length;
    expect(found / defects.length).toBeGreaterThan(0.6);
    expect(await pixelRocAuc(scores)).toBeGreaterThan(0.88);
    extractor.dispose();
  }, 120_000);

  it("has score 0 in every place of a training image when it keeps all patches", async () => {
    const extractor = await loadExtractor("embedded", { layer: "blocks.3" });
    const some = data.train.first(3);
    const bank = await PatchBank.build(extractor, some, { neighborhood: 1 });
    expect(bank.patches.n).toBe(3 * 64);
    const scores = await bank.score(some);
    for (const { values } of scores.maps) expect(Math.max(...values)).toBeLessThan(1e-3);
    const two = await bank.score(data.test.first(2), { k: 2, distance: "euclidean" });
    expect(two.description).toBe("mean Euclidean distance to 2 nearest patches");
    expect([...two.scores({ top: 3 }).values].every((value, i) => value < two.scores().values[i])).toBe(true);
    extractor.dispose();
  });

  it("is the same for the same seed and other for another, and a coreset covers more", async () => {
    const extractor = await loadExtractor("embedded", { layer: "blocks.4" });
    const build = (seed: number, select: "random" | "coreset") =>
      PatchBank.build(extractor, data.train, { patches: 60, select, random: new Random(seed) });
    const [a, b, c, chosen] = await Promise.all([
      build(1, "random"),
      build(1, "random"),
      build(2, "random"),
      build(1, "coreset"),
    ]);
    expect(a.patches.data).toEqual(b.patches.data);
    expect(a.patches.ids).not.toEqual(c.patches.ids);
    expect(chosen.patches.n).toBe(60);
    const farthest = async (bank: PatchBank) => Math.max(...(await bank.score(data.train)).scores().values);
    expect(await farthest(chosen)).toBeLessThan(await farthest(a));
    extractor.dispose();
  });

  it("says what is wrong, and how much memory would be needed", async () => {
    const extractor = await loadExtractor("embedded", { layer: "blocks.3" });
    await expect(PatchBank.build(extractor, data.train, { neighborhood: 2 })).rejects.toThrow(
      /must be odd; got 2/,
    );
    await expect(PatchBank.build(extractor, data.train, { patches: 5_000_000 })).rejects.toThrow(
      "a bank of at most 5000000 patches x 128 takes up to 2442 MiB and may take 1024 MiB; keep fewer patches, or raise maxMemory",
    );
    await expect(PatchBank.build(extractor, data.train.first(0))).rejects.toThrow(
      /at least one readable image/,
    );
    const bank = await PatchBank.build(extractor, data.train.first(1));
    await expect(bank.score(data.test, { k: 65 })).rejects.toThrow(
      /integer from 1 to 64 \(patches in the bank\)/,
    );
    const plain = ImageSet.fromImages("plain", [
      { width: 8, height: 8, channels: 1, data: new Uint8Array(64) },
    ]);
    await expect(pixelRocAuc(await bank.score(plain))).rejects.toThrow(/0 has no mask/);
    const stop = new AbortController();
    stop.abort();
    await expect(bank.score(data.test, { signal: stop.signal })).rejects.toThrow(/interrupted/);
    extractor.dispose();
  });
});
