import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Image } from "../../../src/core/image.js";
import { Random } from "../../../src/core/random.js";
import { ImageSet, readFolder } from "../../../src/datasets/index.js";
import { CacheEntry } from "../../../src/extractors/cache/entry.js";
import { FeatureCache } from "../../../src/extractors/cache/feature-cache.js";
import { type BadImage, listCache, loadExtractor, readNpy } from "../../../src/extractors/index.js";
import { encodePng } from "../../../src/images/index.js";
import { cache, entryFolder, featuresAndBad, folder, prepareCache, quiet, said } from "./cache-place.js";
import { MadeUpMaker, noise, pictures } from "./made-up-maker.js";

prepareCache();

async function filesOf(count: number, seed = 1): Promise<string> {
  const photos = join(folder, "photos");
  await mkdir(photos, { recursive: true });
  const random = new Random(seed);
  for (let i = 0; i < count; i++) await writeFile(join(photos, `${i}.png`), encodePng(noise(random)));
  return photos;
}

describe("the feature cache", () => {
  it("extracts nothing that it has: the same set, parts of it, and sets that share images", async () => {
    const images = pictures(600);
    const first = new MadeUpMaker();
    const all = await cache.features(first, images, quiet);
    expect(first.ran).toEqual(images.ids);
    const source = (i: number) => images.source(i) as { image: Image };
    expect([...all.data]).toEqual(images.ids.flatMap((_, i) => [...source(i).image.data.subarray(0, 3)]));
    const again = new MadeUpMaker();
    expect((await cache.features(again, images, quiet)).data).toEqual(all.data);
    const part = await cache.features(again, images.subset([599, 3, 300]), quiet);
    expect([...part.row(1)]).toEqual([...all.row(3)]);
    expect(part.ids).toEqual(["599", "3", "300"]);
    expect(again.ran).toEqual([]);
    const more = ImageSet.concat("more", [
      images.first(5),
      ImageSet.fromImages("new", [noise(new Random(9))], { ids: ["new"] }),
    ]);
    const joined = await cache.features(again, more, { onBadImage: () => {} });
    expect(again.ran).toEqual(["new"]);
    expect(joined.data.subarray(0, 15)).toEqual(all.data.subarray(0, 15));
    expect(said).toEqual(["made-up features of 5 of 6 images were in the cache\n"]);
  });

  it("gives the features that there are without it, for any sets in any order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(11), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        async (requests, batchSize) => {
          const own = new FeatureCache(await mkdtemp(join(folder, "any-")));
          const ran = new Set<string>();
          const twelve = Array.from({ length: 12 }, (_, i) => noise(new Random(i % 9)));
          for (const request of requests) {
            const images = ImageSet.fromImages(
              "some",
              request.map((i) => twelve[i]),
            );
            const maker = new MadeUpMaker();
            const { data } = await own.features(maker, images, { ...quiet, batchSize });
            expect([...data]).toEqual(request.flatMap((i) => [...twelve[i].data.subarray(0, 3)]));
            for (const position of maker.ran) {
              const content = String(request[Number(position)] % 9);
              expect(ran).not.toContain(content);
              ran.add(content);
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("tells extractors apart by all that decides about features", async () => {
    const plain = new MadeUpMaker();
    const { provenance, preparation, preparations, dimensions } = plain;
    const others = [
      ...[{ extractor: "b" }, { layer: "b" }, { weightsHash: "b" }, { engine: "b" }, { steps: ["b"] }].map(
        (other) => ({ preparations, dimensions, provenance: { ...provenance, ...other } }),
      ),
      { provenance, dimensions, preparations: [{ ...preparation, crop: 3 }] as const },
      { provenance, dimensions, preparations: [preparation, { ...preparation, crop: 3 }] as const },
      { provenance, preparations, dimensions: 4 },
    ];
    const folders = [plain, ...others].map((maker) => new CacheEntry(folder, maker).folder);
    expect(new Set(folders).size).toBe(9);
    expect(new CacheEntry(folder, new MadeUpMaker()).folder).toBe(folders[0]);
    const images = pictures(3);
    await cache.features(plain, images, quiet);
    const other = new MadeUpMaker("made-up too");
    await cache.features(other, images, quiet);
    expect(other.ran).toHaveLength(3);
    const counts = (await listCache(cache.folder)).map(({ extractor, images: n }) => `${extractor}: ${n}`);
    expect(counts.sort()).toEqual(["made-up too: 3", "made-up: 3"]);
  });

  it("knows files by their content: a renamed one is found, a changed one is extracted anew", async () => {
    const photos = await filesOf(4);
    await cache.features(new MadeUpMaker(), (await readFolder(photos)).images, quiet);
    await rename(join(photos, "0.png"), join(photos, "zero.png"));
    await writeFile(join(photos, "1.png"), encodePng(noise(new Random(77))));
    const maker = new MadeUpMaker();
    const { images } = await readFolder(photos);
    const { data } = await cache.features(maker, images, quiet);
    expect(maker.ran).toEqual(["1.png"]);
    expect(data).toEqual(
      (await new FeatureCache(join(folder, "b")).features(new MadeUpMaker(), images, quiet)).data,
    );
  });

  it("tells parts of a picture, mirrored ones and stretched ones apart", async () => {
    const image = noise(new Random(5), 4, 4);
    const views = [
      {},
      { mirrored: true },
      { aspect: "stretch" },
      { aspect: "stretch", mirrored: true },
    ] as const;
    const images = new ImageSet("views", {
      classNames: [],
      labels: views.map(() => -1),
      id: (i) => String(i),
      source: (i) => ({ kind: "pixels", image, ...views[i] }),
    });
    const maker = new MadeUpMaker();
    await cache.features(maker, images, quiet);
    expect(maker.ran).toEqual(images.ids);
    const photos = await filesOf(1);
    const parts = [undefined, ...[0, 1].map((left) => ({ left, top: 0, width: 1, height: 1, size: 2 }))];
    const crops = new ImageSet("crops", {
      classNames: [],
      labels: parts.map(() => -1),
      id: (i) => `part ${i}`,
      source: (i) => ({ kind: "file", path: join(photos, "0.png"), crop: parts[i] }),
    });
    await cache.features(maker, crops, quiet);
    expect(maker.ran.slice(views.length)).toEqual(crops.ids);
  });

  it("names bad images each time, and takes them when they are mended", async () => {
    const photos = await filesOf(3);
    const good = await readFile(join(photos, "1.png"));
    await writeFile(join(photos, "1.png"), good.subarray(0, 40));
    for (let time = 0; time < 2; time++) {
      const { found, bad } = await featuresAndBad((await readFolder(photos)).images);
      expect(found.ids).toEqual(["0.png", "2.png"]);
      expect(bad.map(({ id }) => id)).toEqual(["1.png"]);
      expect(bad[0].reason).toContain("1.png");
    }
    await writeFile(join(photos, "1.png"), good);
    const maker = new MadeUpMaker();
    const whole = await cache.features(maker, (await readFolder(photos)).images, quiet);
    expect([whole.n, maker.ran]).toEqual([3, ["1.png"]]);
  });

  it("names each of the bad images that have the same content", async () => {
    const photos = await filesOf(3);
    for (const name of ["1.png", "again.png"]) await writeFile(join(photos, name), "no picture");
    const { found, bad } = await featuresAndBad((await readFolder(photos)).images);
    expect(found.ids).toEqual(["0.png", "2.png"]);
    expect(bad.map(({ id }) => id)).toEqual(["1.png", "again.png"]);
    expect(bad[1].reason).toBe(`again.png has the same content as 1.png: ${bad[0].reason}`);
  });

  it("leaves out a file that changes while it is read", async () => {
    const photos = await filesOf(3);
    const maker = new MadeUpMaker();
    maker.beforeBatch = async () => {
      await copyFile(join(photos, "0.png"), join(photos, "new.png"));
      await rename(join(photos, "new.png"), join(photos, "1.png"));
    };
    const bad: BadImage[] = [];
    const { images } = await readFolder(photos);
    const found = await cache.features(maker, images, { ...quiet, onBadImage: (one) => void bad.push(one) });
    expect(found.ids).toEqual(["0.png", "2.png"]);
    expect(bad).toEqual([{ id: "1.png", reason: "1.png changed while it was read; extract it again" }]);
    const others = await readFolder(photos);
    const undisturbed = await new FeatureCache(join(folder, "b")).features(
      new MadeUpMaker(),
      others.images.subset([0, 2]),
      quiet,
    );
    expect(found.data).toEqual(undisturbed.data);
  });

  it("keeps what is done when it is interrupted", async () => {
    const images = pictures(40);
    const interrupt = new AbortController();
    const maker = new MadeUpMaker();
    maker.beforeBatch = (first) => {
      if (first === 20) interrupt.abort();
    };
    const { signal } = interrupt;
    await expect(cache.features(maker, images, { ...quiet, signal })).rejects.toThrow("interrupted");
    const rest = new MadeUpMaker();
    await cache.features(rest, images, quiet);
    expect(rest.ran).toEqual(images.ids.slice(24));
  });

  it("waits for the same request that is under way, and computes nothing of it", async () => {
    const images = pictures(600);
    let goOn = () => {};
    const released = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const [first, second] = [new MadeUpMaker(), new MadeUpMaker()];
    const inTheMiddle = new Promise<void>((resolve) => {
      first.beforeBatch = async (at) => {
        if (at !== 300) return;
        resolve();
        await released;
      };
    });
    const one = cache.features(first, images, quiet);
    await inTheMiddle;
    expect((await listCache(cache.folder))[0].images).toBe(256);
    const two = cache.features(second, images, quiet);
    await vi.waitFor(
      () => expect(said.join("")).toContain("is extracting the same features; waiting for it"),
      {
        timeout: 20_000,
      },
    );
    goOn();
    expect((await two).data).toEqual((await one).data);
    expect(second.ran).toEqual([]);
  });

  it("is written as it is described: .npy of float32 with keys, names, set and sha256 beside it", async () => {
    const images = pictures(2);
    const { data } = await cache.features(new MadeUpMaker(), images, quiet);
    const entry = await entryFolder();
    expect(JSON.parse(await readFile(join(entry, "about.json"), "utf8"))).toEqual({
      format: "dn2 features 1",
      extractor: "made-up",
      layer: "last",
      weightsHash: "abc",
      preparation: expect.stringContaining("centre crop 4"),
      engine: "made-up 1",
      steps: [],
      dimensions: 3,
    });
    const [list] = (await readdir(entry)).filter((file) => /^rows-.*json$/.test(file));
    const content = JSON.parse(await readFile(join(entry, list), "utf8"));
    expect(content).toMatchObject({ names: ["0", "1"], set: "pictures 1" });
    expect(content.images).toHaveLength(2);
    expect(content.images[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(await readNpy(join(entry, list.replace("json", "npy")))).toEqual({ shape: [2, 3], data });
  });

  it("works with a real extractor: the same bytes as without, and none for the pixels themselves", async () => {
    const images = ImageSet.fromImages(
      "noise",
      [1, 2, 3].map((seed) => noise(new Random(seed), 40, 30)),
    );
    const embedded = await loadExtractor("embedded");
    const plain = await embedded.extract(images);
    for (let time = 0; time < 2; time++) {
      const kept = await embedded.extract(images, { ...quiet, cache: cache.folder });
      expect(kept.data).toEqual(plain.data);
      expect(kept.provenance).toEqual(plain.provenance);
      expect(kept.images?.ids).toEqual(images.ids);
    }
    const pixels = await loadExtractor("pixels");
    await pixels.extract(images, { cache: cache.folder });
    expect((await listCache(cache.folder)).map(({ extractor }) => extractor)).toEqual(["embedded"]);
    embedded.dispose();
  });
});
