import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findVocFolder, loadDataSet } from "../../../src/datasets/index.js";
import { readVoc } from "../../../src/datasets/voc/voc.js";
import { encodePng } from "../../../src/images/index.js";
import { type Files, temporaryFolder, withDataFolders } from "../fabricate.js";

const size = { width: 130, height: 125, channels: 3 } as const;
const picture = encodePng({ ...size, data: new Uint8Array(130 * 125 * 3) });
const box = "<bndbox><xmin>0</xmin><ymin>0</ymin><xmax>125</xmax><ymax>122</ymax></bndbox>";
const annotation = (name: string) =>
  `<annotation><size><width>130</width><height>125</height></size><object><name>${name}</name>${box}</object></annotation>`;
const numbers = Array.from({ length: 30 }, (_, i) => String(i + 1).padStart(5, "0"));
const trainval = numbers.slice(0, 24);
const test = numbers.slice(24);
const list = (names: readonly string[]) => `${names.join("\n")}\n`;

/** Pictures 1 to 24 and 25 to 30 in two folders, all their annotations in one; ships are even. */
function files(trainFolder: string, testFolder: string, annotations: string): Files {
  return Object.fromEntries(
    numbers.flatMap((n, i) => [
      [`${i < 24 ? trainFolder : testFolder}/${n}.png`, picture],
      [`${annotations}/${n}.xml`, annotation(Number(n) % 2 === 0 ? "ship" : "dam")],
    ]),
  );
}

const dior = files("JPEGImages-trainval", "JPEGImages-test", "Annotations/Horizontal Bounding Boxes");
const turned: Files = { "Annotations/Oriented Bounding Boxes/00001.xml": "<annotation>no box here" };
const lists: Files = {
  "ImageSets/Main/train.txt": list(trainval.slice(0, 12)),
  "ImageSets/Main/val.txt": list(trainval.slice(12)),
  "ImageSets/Main/test.txt": list(test),
};

const arrangements: Record<string, Files> = {
  "as DIOR's archives unpack": { ...dior, ...turned, ...lists },
  "as DIOR's archives unpack, with trainval.txt too": {
    ...dior,
    ...lists,
    "ImageSets/Main/trainval.txt": list(trainval),
  },
  "as DIOR's archives unpack, without lists": { ...dior, ...turned },
  "with folders inside folders of their own name": {
    ...files(
      "JPEGImages-trainval-002/JPEGImages-trainval",
      "JPEGImages-test-001/JPEGImages-test",
      "Annotations/Annotations/Horizontal Bounding Boxes",
    ),
    ...lists,
  },
  "with the lists in Main": {
    ...files("JPEGImages", "JPEGImages", "Annotations"),
    ...Object.fromEntries(
      Object.entries(lists).map(([path, text]) => [path.replace("ImageSets/", ""), text]),
    ),
  },
  "as PASCAL VOC": { ...files("JPEGImages", "JPEGImages", "Annotations"), ...lists },
  "as PASCAL VOC, with lines of Windows, a byte order mark and names with endings": {
    ...files("JPEGImages", "JPEGImages", "Annotations"),
    "ImageSets/Main/trainval.txt": `\uFEFF${trainval.map((n) => `${n}.png\r\n`).join("")}`,
    "ImageSets/Main/test.txt": test.map((n) => `${n}.png\r\n`).join(""),
  },
  "with val.txt where test.txt is missing": {
    ...files("JPEGImages", "JPEGImages", "Annotations"),
    "ImageSets/Main/train.txt": list(trainval),
    "ImageSets/Main/val.txt": list(test),
    "ImageSets/Main/trainval.txt": list(numbers),
  },
  "with val.txt where test.txt is empty": {
    ...files("JPEGImages", "JPEGImages", "Annotations"),
    "ImageSets/Main/test.txt": "\n",
    "ImageSets/Main/train.txt": list(trainval),
    "ImageSets/Main/val.txt": list(test),
  },
};

describe("a VOC-style folder", () => {
  it.each(Object.entries(arrangements))("is read %s", async (_, arrangement) => {
    const folder = temporaryFolder(arrangement);
    expect(findVocFolder(folder)).toBe(folder);
    const set = await loadDataSet(folder);
    const numbersOf = (ids: readonly string[]) => ids.map((id) => id.match(/(\d+)\.png#0$/)?.[1]);
    expect(numbersOf(set.train.ids)).toEqual(trainval);
    expect(numbersOf(set.test.ids)).toEqual(test);
    expect(set.classNames).toEqual(["dam", "ship"]);
  });

  it("inside the folder that is named is found, but not chosen among several", async () => {
    const inner = Object.fromEntries(
      Object.entries({ ...dior, ...lists }).map(([path, content]) => [`DIOR/${path}`, content]),
    );
    const folder = temporaryFolder(inner);
    expect(findVocFolder(folder)).toBe(join(folder, "DIOR"));
    expect((await loadDataSet(folder)).name).toBe("DIOR");
    const two = Object.fromEntries(
      Object.entries(inner).map(([path, content]) => [`other-${path}`, content]),
    );
    expect(findVocFolder(temporaryFolder({ ...inner, ...two }))).toBeUndefined();
  });

  it("is split by seed where nothing states a split, and says so", async () => {
    const folder = temporaryFolder(files("JPEGImages", "JPEGImages", "Annotations"));
    const { train, test: held, notes } = await readVoc(folder, { seed: 3 });
    expect([train.length, held.length]).toEqual([24, 6]);
    expect(notes[0]).toMatch(/^split by seed 3, as no list of pictures states one/);
    expect((await readVoc(folder, { seed: 3 })).test.ids).toEqual(held.ids);
  });

  it("counts pictures without an annotation, annotations without a picture, and objects that no list names", async () => {
    const folder = temporaryFolder({
      ...files("JPEGImages", "JPEGImages", "Annotations"),
      "JPEGImages/extra.png": picture,
      "Annotations/lost.xml": annotation("ship"),
      "ImageSets/Main/train.txt": list(trainval.slice(0, 20)),
      "ImageSets/Main/test.txt": list(test),
    });
    const { train, notes } = await readVoc(folder);
    expect(train.length).toBe(20);
    expect(notes).toContain("1 pictures without an annotation");
    expect(notes).toContain("1 annotations without a picture");
    expect(notes).toContain("4 objects left out: no list names the picture");
  });

  it("that lacks pictures or annotations is refused with what is missing", async () => {
    const { "ImageSets/Main/test.txt": held } = lists;
    const noPictures = temporaryFolder({
      "Annotations/1.xml": annotation("ship"),
      "ImageSets/Main/test.txt": held,
    });
    await expect(readVoc(noPictures)).rejects.toThrow(/it lacks pictures in a folder JPEGImages/);
    await expect(readVoc(temporaryFolder({ "JPEGImages/1.png": picture }))).rejects.toThrow(
      /it lacks a folder Annotations/,
    );
  });

  it("named DIOR in a data folder is the data set dior, with its licence and citation", async () => {
    const inner = Object.entries({ ...dior, ...lists }).map(([path, content]) => [`DIOR/${path}`, content]);
    await withDataFolders([temporaryFolder(Object.fromEntries(inner))], async () => {
      const set = await loadDataSet("dior");
      expect(set.name).toBe("dior");
      expect(set.citation).toContain("Object Detection in Optical Remote Sensing Images");
      expect([set.train.length, set.test.length]).toEqual([24, 6]);
    });
  });

  it("is named as unpacked from the repository's archive for bccd", async () => {
    const inner = Object.entries({ ...files("JPEGImages", "JPEGImages", "Annotations"), ...lists });
    const unpacked = Object.fromEntries(inner.map(([path, content]) => [`bccd/BCCD/${path}`, content]));
    await withDataFolders([temporaryFolder(unpacked)], async () => {
      expect(await loadDataSet("bccd")).toMatchObject({ name: "bccd", licence: "MIT" });
    });
  });
});

it("loadDataSet says of an archive that it must be unpacked", async () => {
  const archive = join(temporaryFolder({ "set.tar.gz": "x" }), "set.tar.gz");
  await expect(loadDataSet(archive)).rejects.toThrow(/must be a folder of images; it is a file: unpack it/);
});
