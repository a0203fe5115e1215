import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isVocFolder, loadDataSet } from "../../../src/datasets/index.js";
import { parseAnnotation } from "../../../src/datasets/voc/annotation.js";
import { readVoc } from "../../../src/datasets/voc/voc.js";
import { encodePng, loadImage } from "../../../src/images/index.js";
import { describeReal } from "../../helpers/real-data.js";
import { temporaryFolder } from "../fabricate.js";

const object = (name: string, box: number[]) =>
  `<object><name>${name}</name><bndbox>${["xmin", "ymin", "xmax", "ymax"].map((key, i) => `<${key}>${box[i]}</${key}>`).join("")}</bndbox></object>`;
const annotation = (...objects: string[]) =>
  `<annotation><size><width>300</width><height>200</height></size>${objects.join("")}</annotation>`;

/** 300 x 200 pixels: red is the column, green the row. */
const picture = encodePng({
  width: 300,
  height: 200,
  channels: 3,
  data: Uint8Array.from({ length: 300 * 200 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return i % 3 === 0 ? Math.min(255, pixel % 300) : i % 3 === 1 ? Math.floor(pixel / 300) : 7;
  }),
});

describe("readVoc", () => {
  const folder = (...objects: string[]) =>
    temporaryFolder({ "JPEGImages/1.png": picture, "Annotations/1.xml": annotation(...objects) });

  it("crops each object with a box of at least 120 pixels in each axis and resizes it to 256 x 256", async () => {
    const root = folder(
      object("ship", [10, 20, 130, 140]),
      object("ship", [0, 0, 119, 150]),
      object("dam", [5, 5, 200, 180]),
    );
    expect(isVocFolder(root)).toBe(true);
    const small = (await loadDataSet(root)).notes;
    expect(small).toContain("1 objects left out: a side of the box is below 120 pixels");
    const crops = await readVoc(
      temporaryFolder({
        "JPEGImages/1.png": picture,
        "Annotations/1.xml": annotation(object("ship", [10, 20, 130, 140]), object("dam", [0, 0, 256, 199])),
        "ImageSets/Main/test.txt": "1\n",
      }),
    );
    expect(crops.test.ids).toEqual(["JPEGImages/1.png#0", "JPEGImages/1.png#1"]);
    expect(crops.classNames).toEqual(["dam", "ship"]);
    const image = await loadImage(crops.test.source(0));
    expect([image.width, image.height]).toEqual([256, 256]);
    expect([...image.data.slice(0, 3)]).toEqual([10, 20, 7]);
    expect([...image.data.slice(-3)]).toEqual([129, 139, 7]);
  });

  it("counts what is left out or cut", async () => {
    const { notes } = await readVoc(
      folder(
        object("ship", [10, 20, 130, 140]),
        object("ship", [150, 20, 400, 190]),
        object("ship", [50, 20, 50, 190]),
        object("ship", [310, 20, 500, 190]),
        object("ship", [0, 0, 20, 20]),
        "<object><name>ship</name></object>",
      ),
    );
    expect(notes).toContain("1 boxes that reach beyond the picture, cut at its edge");
    for (const what of [
      "no whole box",
      "the box has no area",
      "the box lies outside of the picture",
      "a side of the box is below 120 pixels",
    ]) {
      expect(notes).toContain(`1 objects left out: ${what}`);
    }
  });

  it("names a picture that is smaller than its annotation says", async () => {
    const wide = annotation(object("ship", [200, 0, 400, 190])).replace("<width>300", "<width>500");
    const root = temporaryFolder({
      "JPEGImages/1.png": picture,
      "Annotations/1.xml": wide,
      "ImageSets/Main/test.txt": "1",
    });
    const { test } = await readVoc(root);
    await expect(loadImage(test.source(0))).rejects.toThrow(
      /it is 300 x 200 pixels and a box reaches to 400 x 190/,
    );
  });
});

describe("parseAnnotation", () => {
  it("passes over parts and comments, and knows the five entities of XML", () => {
    const text = annotation(
      `<object><!-- <name>no</name> --><part><name>head</name></part><name>a &amp; b</name></object>`,
    );
    expect(parseAnnotation(text, "a.xml").objects).toEqual([{ name: "a & b", box: undefined }]);
  });

  it.each([
    ["a document type", `<!DOCTYPE x [<!ENTITY y "z">]>${annotation()}`],
    ["a cut-off file", annotation(object("a", [0, 0, 1, 1])).slice(0, 100)],
    ["an object that is not closed", annotation("<object><name>a</name>")],
    ["an object without a name", annotation("<object></object>")],
    ["other text", "hello"],
  ])("refuses %s", (_, text) => {
    expect(() => parseAnnotation(text, "a.xml")).toThrow(/a\.xml must be an annotation/);
  });
});

describeReal(
  "BCCD as a stand-in for DIOR",
  (data) => {
    it("gives 329 crops of white cells, 95 of red cells and 1 of platelets", async () => {
      const folder = temporaryFolder();
      execFileSync("tar", ["xzf", join(data, "bccd-voc.tar.gz"), "-C", folder]);
      const set = await readVoc(join(folder, "BCCD"));
      const counts = set.classNames.map((name, c) => [
        name,
        set.train.classCounts()[c] + set.test.classCounts()[c],
      ]);
      const leftOut = set.notes.some((note) => note.startsWith("Platelets does not train: 1")) ? 1 : 0;
      expect(Object.fromEntries(counts)).toEqual({ WBC: 329, RBC: 95, Platelets: 1 - leftOut });
      expect(set.notes).toContain("2 objects left out: the box has no area");
      const image = await loadImage(set.test.source(0));
      expect([image.width, image.height]).toEqual([256, 256]);
    });
  },
  ["bccd-voc.tar.gz"],
);
