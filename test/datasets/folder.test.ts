import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/core/errors.js";
import { folderDataSet, readFolder } from "../../src/datasets/folder.js";
import { type Files, temporaryFolder } from "./fabricate.js";

const images = (...paths: string[]): Files => Object.fromEntries(paths.map((path) => [path, path]));

describe("folderDataSet", () => {
  it("takes classes and splits from train/ and test/", async () => {
    const data = await folderDataSet(
      temporaryFolder(
        images(
          "train/normal/2.png",
          "train/normal/10.png",
          "test/normal/a.JPG",
          "test/anomaly/b.bmp",
          "test/loose.png",
        ),
      ),
    );
    expect(data.classNames).toEqual(["normal", "anomaly"]);
    expect(data.normalClasses).toEqual(["normal"]);
    expect(data.train.ids).toEqual(["train/normal/2.png", "train/normal/10.png"]);
    expect(data.test.ids).toEqual(["test/anomaly/b.bmp", "test/loose.png", "test/normal/a.JPG"]);
    expect([...data.test.labels]).toEqual([1, -1, 0]);
  });

  it("takes images directly in train/ as normal, and leaves out other folders", async () => {
    const data = await folderDataSet(
      temporaryFolder(
        images("train/1.png", "test/crack/1.png", "test/normal/1.png", "ground_truth/crack/1.png", "x.png"),
      ),
    );
    expect(data.classNames).toEqual(["normal", "crack"]);
    expect([...data.isAnomaly()]).toEqual([1, 0]);
    expect(data.notes).toContain("2 images outside of the class folders are left out");
  });

  it("splits classes by seed where there is no train/", async () => {
    const many = Array.from({ length: 10 }, (_, i) => [`cats/${i}.png`, `dogs/sub/${i}.png`]).flat();
    const folder = temporaryFolder(images(...many, "rare/1.png"));
    const data = await folderDataSet(folder, { seed: 1 });
    expect(data.classNames).toEqual(["cats", "dogs", "rare"]);
    expect([...data.train.classCounts()]).toEqual([8, 8, 1]);
    expect([...data.test.classCounts()]).toEqual([2, 2, 0]);
    expect(new Set([...data.train.ids, ...data.test.ids]).size).toBe(21);
    expect((await folderDataSet(folder, { seed: 1 })).test.ids).toEqual(data.test.ids);
    const others = [2, 3, 4].map(async (seed) => (await folderDataSet(folder, { seed })).test.ids.join());
    expect(new Set(await Promise.all(others)).size).toBeGreaterThan(1);
    expect((await folderDataSet(folder, { trainShare: 0.5 })).train.length).toBe(11);
  });

  it("takes a folder without subfolders as unlabelled training images", async () => {
    const data = await folderDataSet(temporaryFolder(images("b.png", "a.png")));
    expect(data.train.ids).toEqual(["a.png", "b.png"]);
    expect([...data.train.labels]).toEqual([-1, -1]);
    expect(data.test.length).toBe(0);
    expect(data.normalClasses).toEqual([]);
  });

  it("has a content hash that follows paths and content", async () => {
    const hash = async (files: Files) => (await folderDataSet(temporaryFolder(files))).contentHash();
    const one = await hash({ "c/1.png": "x", "c/2.png": "y" });
    expect(await hash({ "c/2.png": "y", "c/1.png": "x", "readme.txt": "not an image" })).toBe(one);
    expect(await hash({ "c/1.png": "x", "c/2.png": "z" })).not.toBe(one);
    expect(await hash({ "c/1.png": "x", "c/3.png": "y" })).not.toBe(one);
  });

  it("refuses misspelt options, a share beyond 0 to 1, and a folder without images", async () => {
    const folder = temporaryFolder(images("c/1.png"));
    await expect(folderDataSet(folder, { sead: 1 } as never)).rejects.toThrow("unknown option sead");
    await expect(folderDataSet(folder, { trainShare: 1 })).rejects.toThrow(RangeError);
    await expect(folderDataSet(temporaryFolder({ "a.txt": "" }))).rejects.toThrow(DataError);
    await expect(folderDataSet(join(folder, "absent"))).rejects.toThrow(DataError);
  });
});

describe("readFolder", () => {
  it("lists all images in natural order, whatever the arrangement", async () => {
    const folder = temporaryFolder(images("c/10.png", "c/9.png", "b/x/1.TIFF", "root.webp", "d e/ü.jpeg"));
    const { images: set } = await readFolder(folder);
    expect(set.ids).toEqual(["b/x/1.TIFF", "c/9.png", "c/10.png", "d e/ü.jpeg", "root.webp"]);
    expect(set.classNames).toEqual(["b", "c", "d e"]);
    expect([...set.labels]).toEqual([0, 1, 1, 2, -1]);
  });

  it("counts what it passes over", async () => {
    const folder = temporaryFolder(images("a.png", "b.txt", "c.TXT", "README", ".hidden.png", ".git/d.png"));
    symlinkSync(join(folder, "nowhere"), join(folder, "e.png"));
    expect((await readFolder(folder)).notes).toEqual([
      "passed over: 2 .txt files",
      "passed over: 1 broken links",
      "passed over: 1 files without extension",
      "passed over: 2 hidden files and folders",
    ]);
  });

  it("follows links, but enters no folder twice", async () => {
    const folder = temporaryFolder(images("a/1.png"));
    const elsewhere = temporaryFolder(images("2.png"));
    symlinkSync(folder, join(folder, "a", "loop"));
    symlinkSync(elsewhere, join(folder, "b"));
    symlinkSync(join(elsewhere, "2.png"), join(folder, "a", "3.png"));
    const { images: set, notes } = await readFolder(folder);
    expect(set.ids).toEqual(["a/1.png", "a/3.png", "b/2.png"]);
    expect(notes).toEqual(["passed over: 1 linked folders that were entered before"]);
  });

  it("lists 500 files without opening them", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "many"));
    for (let i = 0; i < 500; i++) writeFileSync(join(folder, "many", `${i}.png`), "");
    const { images: set } = await readFolder(folder);
    expect(set.length).toBe(500);
    expect(set.ids[499]).toBe("many/499.png");
  });
});
