import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setProgressListener } from "../../../src/core/progress.js";
import { FeatureCache } from "../../../src/extractors/cache/feature-cache.js";
import { clearCache, listCache } from "../../../src/extractors/index.js";
import { MadeUpMaker, pictures } from "./made-up-maker.js";

let folder: string;
let cache: FeatureCache;
const quiet = { onCacheUse: () => {}, onBadImage: () => {} };

beforeEach(async () => {
  setProgressListener(() => {});
  folder = await mkdtemp(join(tmpdir(), "dn2-contents-"));
  cache = new FeatureCache(join(folder, "cache"));
});
afterEach(async () => {
  setProgressListener(undefined);
  await rm(folder, { recursive: true, force: true });
});

describe("the contents of the cache", () => {
  it("are listed, the last used first, and cleared by entry, extractor, set or age", async () => {
    await cache.features(new MadeUpMaker("a"), pictures(3), quiet);
    await cache.features(new MadeUpMaker("b"), pictures(4, 2), quiet);
    await cache.features(new MadeUpMaker("c"), pictures(5), quiet);
    await cache.features(new MadeUpMaker("c"), pictures(6, 2), quiet);
    const list = await listCache(cache.folder);
    const summary = list.map(({ extractor, images, sets }) => [extractor, images, sets]);
    expect(summary.sort()).toEqual([
      ["a", 3, { "pictures 1": 3 }],
      ["b", 4, { "pictures 2": 4 }],
      ["c", 11, { "pictures 1": 5, "pictures 2": 6 }],
    ]);
    for (const { bytes } of list) expect(bytes).toBeGreaterThan(100);
    await expect(clearCache(cache.folder, { names: ["d"] })).rejects.toThrow("has no d; it has");
    expect(await clearCache(cache.folder, { olderThanDays: 1 })).toEqual([]);
    expect(
      (await clearCache(cache.folder, { names: ["pictures 1"] })).map(({ extractor }) => extractor),
    ).toEqual(["a"]);
    expect((await clearCache(cache.folder, { names: ["c"] })).map(({ extractor }) => extractor)).toEqual([
      "c",
    ]);
    expect((await clearCache(cache.folder)).map(({ extractor }) => extractor)).toEqual(["b"]);
    expect(await readdir(cache.folder)).toEqual([]);
    expect(await listCache(join(folder, "nowhere"))).toEqual([]);
  });

  it("tell how far the last extraction of a set came that was not finished, until it is", async () => {
    const images = pictures(40);
    const interrupt = new AbortController();
    const maker = new MadeUpMaker();
    maker.beforeBatch = async (first) => {
      const [{ unfinished }] = await listCache(cache.folder);
      expect(unfinished).toEqual([{ set: "pictures 1", images: 40, found: 0 }]);
      if (first === 20) interrupt.abort();
    };
    const { signal } = interrupt;
    await expect(cache.features(maker, images, { ...quiet, signal })).rejects.toThrow("interrupted");
    await cache.features(new MadeUpMaker(), pictures(5, 2), quiet);
    expect((await listCache(cache.folder))[0].unfinished).toEqual([
      { set: "pictures 1", images: 40, found: 24 },
    ]);
    await cache.features(new MadeUpMaker(), images.subset([39, 30, 2]), quiet);
    expect((await listCache(cache.folder))[0]).toMatchObject({ images: 31, unfinished: [] });
    await cache.features(new MadeUpMaker(), images, quiet);
    expect((await listCache(cache.folder))[0]).toMatchObject({ images: 45, unfinished: [] });
    const [entry] = await readdir(cache.folder);
    expect((await readdir(join(cache.folder, entry))).filter((file) => !/^(about|rows-)/.test(file))).toEqual(
      [],
    );
  });

  it("are removed whole while an extraction is unfinished", async () => {
    const maker = new MadeUpMaker();
    maker.beforeBatch = (first) => {
      if (first === 4) throw new Error("the power went out");
    };
    await expect(cache.features(maker, pictures(9), quiet)).rejects.toThrow("the power went out");
    expect((await listCache(cache.folder))[0].unfinished).toEqual([
      { set: "pictures 1", images: 9, found: 4 },
    ]);
    await clearCache(cache.folder);
    expect(await readdir(cache.folder)).toEqual([]);
  });

  it("do not include what others put there: it is neither listed nor removed", async () => {
    await cache.features(new MadeUpMaker(), pictures(3), quiet);
    const [name] = await readdir(cache.folder);
    const entry = join(cache.folder, name);
    await writeFile(join(entry, "thesis.txt"), "mine");
    await mkdir(join(cache.folder, "other"));
    await writeFile(join(cache.folder, "other", "about.json"), `{"format": "something else"}`);
    await writeFile(join(cache.folder, "notes.md"), "mine");
    expect(await listCache(cache.folder)).toHaveLength(1);
    await clearCache(cache.folder);
    expect(await readdir(entry)).toEqual(["thesis.txt"]);
    expect((await readdir(cache.folder)).sort()).toEqual([name, "notes.md", "other"].sort());
    expect(await readdir(join(cache.folder, "other"))).toEqual(["about.json"]);
  });
});
