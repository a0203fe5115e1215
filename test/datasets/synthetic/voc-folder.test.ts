import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadDataSet, readVoc, syntheticVocFolder } from "../../../src/datasets/index.js";
import { drawScene } from "../../../src/datasets/synthetic/scene.js";
import { loadImage } from "../../../src/images/index.js";
import { temporaryFolder, withDataFolders } from "../fabricate.js";

describe("the synthetic folder in the form of PASCAL VOC", () => {
  it("holds three kinds that train, a rare one, one that is too small, and one of each blunder", async () => {
    const folder = await syntheticVocFolder({ folder: join(temporaryFolder(), "voc") });
    const data = await readVoc(folder);
    expect(data.normalClasses).toEqual(["round nucleus", "segmented nucleus", "two lobes"]);
    expect(data.notes.some((note) => note.startsWith("vacuoles does not train"))).toBe(true);
    for (const what of [
      "1 objects left out: the box has no area",
      "1 objects left out: the box lies outside of the picture",
      "1 boxes that reach beyond the picture, cut at its edge",
    ]) {
      expect(data.notes).toContain(what);
    }
    expect(data.notes.some((note) => note.endsWith("a side of the box is below 120 pixels"))).toBe(true);
    expect(data.isAnomaly().some((value) => value === 1)).toBe(true);
    expect((await loadImage(data.test.source(0))).width).toBe(256);
  }, 60_000);

  it("is kept in the cache folder, where it is drawn once", async () => {
    await withDataFolders([], async () => {
      const { test } = await loadDataSet("synthetic-voc", { seed: 1 });
      const source = test.source(0);
      const path = source.kind === "file" ? source.path : "";
      expect(path.startsWith(process.env.DN2_CACHE ?? "?")).toBe(true);
      const before = statSync(path).mtimeMs;
      await loadDataSet("synthetic-voc", { seed: 1 });
      expect(statSync(path).mtimeMs).toBe(before);
    });
  }, 60_000);

  it("shows the same scene for the same key, and another for another", () => {
    const draw = (key: string) => drawScene(["two lobes", "small cell"], key);
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("b").image.data).not.toEqual(draw("a").image.data);
    for (const { box } of draw("a").objects) expect(box?.right).toBeLessThanOrEqual(draw("a").image.width);
  });
});
