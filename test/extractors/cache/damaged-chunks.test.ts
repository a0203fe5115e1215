import { mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.js";
import { readFolder } from "../../../src/datasets/index.js";
import { FeatureCache } from "../../../src/extractors/cache/feature-cache.js";
import { clearCache, writeNpy } from "../../../src/extractors/index.js";
import { encodePng } from "../../../src/images/index.js";
import { cache, entryFolder, folder, prepareCache, quiet, said } from "./cache-place.js";
import { MadeUpMaker, noise, pictures } from "./made-up-maker.js";

prepareCache();

describe("a cache that was damaged or left by a killed process", () => {
  it.each([
    [
      "a flipped bit",
      async (path: string) => {
        const bytes = await readFile(`${path}.npy`);
        bytes[bytes.length - 5] ^= 1;
        await writeFile(`${path}.npy`, bytes);
      },
    ],
    ["rows cut off", (path: string) => truncate(`${path}.npy`, 200)],
    ["missing rows", (path: string) => rm(`${path}.npy`)],
    [
      "another shape",
      (path: string) => writeNpy(`${path}.npy`, { shape: [2, 3], data: new Float32Array(6) }),
    ],
    ["a list cut off", (path: string) => truncate(`${path}.json`, 50)],
    ["a list of something else", (path: string) => writeFile(`${path}.json`, "[1, 2]")],
    ["an empty list", (path: string) => writeFile(`${path}.json`, "")],
    [
      "a list with two keys exchanged",
      async (path: string) => {
        const list = JSON.parse(await readFile(`${path}.json`, "utf8"));
        [list.images[0], list.images[1]] = [list.images[1], list.images[0]];
        await writeFile(`${path}.json`, JSON.stringify(list));
      },
    ],
  ])("computes a damaged chunk again, and only that: %s", async (_, damage) => {
    const images = pictures(600);
    const { data } = await cache.features(new MadeUpMaker(), images, quiet);
    const entry = await entryFolder();
    const lists = (await readdir(entry)).filter((file) => /^rows-.*json$/.test(file));
    expect(lists).toHaveLength(3);
    const [name] = lists[0].split(".");
    const count = JSON.parse(await readFile(join(entry, lists[0]), "utf8")).images.length;
    await damage(join(entry, name));
    const maker = new MadeUpMaker();
    expect((await cache.features(maker, images, quiet)).data).toEqual(data);
    expect(maker.ran).toHaveLength(count);
    expect(said.join("")).toContain(`${name}`);
    expect(said.join("")).toContain("it is put aside and its features are computed again");
    expect(await readdir(entry)).toEqual(expect.arrayContaining([`${name}.json`, `${name}.npy`]));
    const after = new MadeUpMaker();
    await cache.features(after, images, quiet);
    expect(after.ran).toEqual([]);
  });

  it("computes again what is cleared between the extraction and the reading, and says so when it cannot", async () => {
    const photos = join(folder, "photos");
    await mkdir(photos);
    const random = new Random(1);
    for (const name of ["0.png", "1.png"]) await writeFile(join(photos, name), encodePng(noise(random)));
    const { images } = await readFolder(photos);
    const whole = await cache.features(new MadeUpMaker(), images, quiet);
    const maker = new MadeUpMaker();
    const { copy } = await cache.store(maker, images, quiet);
    await clearCache(cache.folder);
    const rows = new Float32Array(6);
    await copy((position, row) => rows.set(row, 3 * position));
    expect([rows, maker.ran]).toEqual([whole.data, ["0.png", "1.png"]]);
    await clearCache(cache.folder);
    await rm(join(photos, "1.png"));
    await expect(copy(() => {})).rejects.toThrow(
      /must stay as they were written until they are read; those of 1 images were damaged or gone 3 times/,
    );
  });

  it("that cannot be written is told in a sentence", async () => {
    await writeFile(join(folder, "file"), "");
    const below = new FeatureCache(join(folder, "file", "cache"));
    await expect(below.features(new MadeUpMaker(), pictures(3), quiet)).rejects.toThrow(
      /^\S+made-up-last-\w+ could not be written \(a part of the path is a file\): make room, or name another folder for features; what came so far is kept$/,
    );
  });

  it("does not count rows without a list, which a killed process leaves", async () => {
    const images = pictures(3);
    await cache.features(new MadeUpMaker(), images, quiet);
    const entry = await entryFolder();
    const list = (await readdir(entry)).find((file) => /^rows-.*json$/.test(file)) as string;
    await rm(join(entry, list));
    const maker = new MadeUpMaker();
    await cache.features(maker, images, quiet);
    expect(maker.ran).toHaveLength(3);
    expect(said).toEqual([]);
  });
});
