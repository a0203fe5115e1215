import { describe, expect, it } from "vitest";
import { DataError } from "../../src/core/errors.js";
import { readWbc } from "../../src/datasets/wbc.js";
import { type Files, temporaryFolder } from "./fabricate.js";

const labelsFile = "Class Labels of Dataset 1.csv";

/** A folder as published: image numbers from 1, each of the class given. */
function published(
  classes: number[],
  change: (lines: string[]) => string[] = (lines) => lines,
  more: Files = {},
): string {
  const lines = ["image ID,class label", ...classes.map((cell, i) => `${i + 1},${cell}`)];
  const images = classes.map((_, i): [string, string] => [
    `Dataset 1/${String(i + 1).padStart(3, "0")}.bmp`,
    "BM",
  ]);
  return temporaryFolder({
    [labelsFile]: change(lines).join("\r\n"),
    ...Object.fromEntries(images),
    ...more,
  });
}

/** 21 lymphocytes and 25 neutrophils alternating at first, and 20 basophils, which are too few. */
const cells = [
  ...Array.from({ length: 21 }, () => [2, 1]).flat(),
  ...Array.from({ length: 4 }, () => 1),
  ...Array.from({ length: 20 }, () => 5),
];

describe("readWbc", () => {
  it("trains with the first 80 % of each class in file order and tests with the others", async () => {
    const data = await readWbc(published(cells));
    expect(data.classNames).toEqual(["neutrophil", "lymphocyte"]);
    expect([...data.train.classCounts()]).toEqual([20, 16]);
    expect([...data.test.classCounts()]).toEqual([5, 5]);
    expect(data.train.ofClass("lymphocyte").ids.at(-1)).toBe("Dataset 1/031.bmp");
    expect(data.test.ids).toEqual(
      [33, 35, 37, 39, 41, 42, 43, 44, 45, 46].map((number) => `Dataset 1/0${number}.bmp`),
    );
    expect(data.train.source(0)).toMatchObject({ kind: "file", path: expect.stringContaining("001.bmp") });
  });

  it("leaves out classes with 20 images or fewer, and says so", async () => {
    const data = await readWbc(published(cells));
    expect(data.notes).toContain("basophil is left out: 20 images, more than 20 are required");
  });

  it("orders by image number, not by line", async () => {
    const straight = await readWbc(published(cells));
    const reversed = await readWbc(
      published(cells, ([header, ...lines]) => [header, ...lines.reverse(), "", ""]),
    );
    expect(reversed.train.ids).toEqual(straight.train.ids);
  });

  it("leaves out images without an entry, and says how many", async () => {
    const folder = published(cells, undefined, { "Dataset 1/999.bmp": "BM", "Dataset 1/notes.txt": "" });
    const data = await readWbc(folder);
    expect(data.notes).toContain("1 images without an entry in the table of class labels are left out");
  });

  it.each<[string, string, string]>([
    [
      "a class that does not exist",
      "3,6",
      'line 4 of .* must be an image number and a class from 1 to 5; it is "3,6"',
    ],
    ["a word for a number", "three,1", "line 4"],
    ["a line cut off", "3", "line 4"],
    ["an image named twice", "2,1", "line 4 repeats image 2"],
    ["an image that is not there", "400,1", "names image 400, but Dataset 1 holds no 400.bmp"],
  ])("refuses %s", async (_, line, reason) => {
    const folder = published(cells, (lines) => lines.map((kept, i) => (i === 3 ? line : kept)));
    const error = await readWbc(folder).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(new RegExp(reason));
  });

  it("refuses an empty table and a folder without images or table", async () => {
    await expect(readWbc(published(cells, ([header]) => [header]))).rejects.toThrow("at least one image");
    await expect(readWbc(temporaryFolder({ [labelsFile]: "1,1" }))).rejects.toThrow('must hold "Dataset 1"');
    await expect(readWbc(temporaryFolder())).rejects.toThrow(DataError);
  });
});
