import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Image } from "../../src/core/image.js";
import { ImageSet } from "../../src/datasets/image-set.js";

const pixel = (value: number): Image => ({ width: 1, height: 1, channels: 1, data: Uint8Array.of(value) });

/** Images whose only pixel is their position. */
const setOf = (labels: number[], classNames = ["cat", "dog", "ship"]) =>
  ImageSet.fromImages(
    "pets",
    labels.map((_, i) => pixel(i)),
    { labels, classNames, ids: labels.map((_, i) => `p${i}`) },
  );

const values = (set: ImageSet) =>
  set.ids.map((_, i) => {
    const source = set.source(i);
    return source.kind === "pixels" ? source.image.data[0] : -1;
  });

describe("ImageSet", () => {
  it("says what it is in one line", () => {
    expect(setOf([0, 1, 0]).toString()).toBe("pets: 3 images, 2 classes (cat, dog)");
    expect(setOf([1]).toString()).toBe("pets: 1 image, class dog");
    expect(setOf([-1, -1]).toString()).toBe("pets: 2 images, unlabelled");
    expect(setOf([0, 1, 2, 3], ["a", "b", "c", "d"]).toString()).toBe(
      "pets: 4 images, 4 classes (a, b, c, …)",
    );
  });

  it("keeps ids, labels and pixels of a subset together, also in a subset of a subset", () => {
    const subset = setOf([0, 1, 2, 0]).subset([3, 1, 2]).subset([2, 0]);
    expect(subset.ids).toEqual(["p2", "p3"]);
    expect([...subset.labels]).toEqual([2, 0]);
    expect(values(subset)).toEqual([2, 3]);
  });

  it("gives for a subset of a subset what composed positions give", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(19), { minLength: 1 }),
        fc.infiniteStream(fc.nat()),
        (outer, stream) => {
          const whole = setOf(Array.from({ length: 20 }, (_, i) => i % 3));
          const inner = [...new Set([...stream.take(outer.length)].map((draw) => draw % outer.length))];
          const nested = whole.subset(outer).subset(inner);
          const direct = whole.subset(inner.map((i) => outer[i]));
          expect(nested.ids).toEqual(direct.ids);
          expect(nested.labels).toEqual(direct.labels);
          expect(values(nested)).toEqual(values(direct));
        },
      ),
    );
  });

  it("selects a class by name or position, and several classes", () => {
    const set = setOf([0, 1, 2, 0]);
    expect(set.ofClass("cat").ids).toEqual(["p0", "p3"]);
    expect(set.ofClass(1).ids).toEqual(["p1"]);
    expect(set.ofClass(["ship", 0]).ids).toEqual(["p0", "p2", "p3"]);
    expect(set.ofClass("cat").name).toBe("pets: cat");
    expect(set.ofClass("cat").classNames).toEqual(["cat", "dog", "ship"]);
  });

  it("takes the first images of each class in their order", () => {
    const set = setOf([0, 0, 1, 0, 1, -1, 1, -1]);
    expect(set.firstOfEachClass(1).ids).toEqual(["p0", "p2", "p5"]);
    expect(set.firstOfEachClass(2).ids).toEqual(["p0", "p1", "p2", "p4", "p5", "p7"]);
    expect(set.first(2).ids).toEqual(["p0", "p1"]);
    expect(set.first(100)).toBe(set);
    expect(set.first(0).length).toBe(0);
  });

  it("marks as anomalies the images whose class is not normal", () => {
    const set = setOf([0, 1, 2, 0]);
    expect([...set.isAnomaly("cat")]).toEqual([0, 1, 1, 0]);
    expect([...set.isAnomaly(["cat", 2])]).toEqual([0, 1, 0, 0]);
  });

  it("counts the images of each class", () => {
    expect([...setOf([0, 0, 2, -1]).classCounts()]).toEqual([2, 0, 1]);
  });

  it("refuses an unknown class, listing the valid ones", () => {
    expect(() => setOf([0]).ofClass("horse")).toThrow(
      new RangeError("unknown class of pets: horse; choose from cat, dog, ship"),
    );
    expect(() => setOf([0]).isAnomaly(7)).toThrow(RangeError);
  });

  it("refuses an evaluation of unlabelled images, naming the first", () => {
    expect(() => setOf([0, -1]).isAnomaly("cat")).toThrow("p1 of pets has none");
  });

  it("refuses positions that do not exist or come twice", () => {
    expect(() => setOf([0, 1]).subset([0, 2])).toThrow(RangeError);
    expect(() => setOf([0, 1]).subset([1, 1])).toThrow("positions must all be different; got 1 twice");
    expect(() => setOf([0, 1]).source(2)).toThrow(RangeError);
  });

  it("refuses labels that are no class", () => {
    expect(() => setOf([0, 3])).toThrow(
      "label of image 1 of pets must be -1 (unlabelled) or one of 3 classes; got 3",
    );
    expect(() => ImageSet.fromImages("x", [pixel(0)], { labels: [] })).toThrow(RangeError);
    expect(() => ImageSet.fromImages("x", [pixel(0), pixel(1)], { ids: ["a", "a"] })).toThrow(RangeError);
  });
});

describe("ImageSet.concat", () => {
  it("joins sets, and classes of the same name become one", () => {
    const fish = ImageSet.fromImages("fish", [pixel(9)], {
      ids: ["f"],
      labels: [1],
      classNames: ["eel", "cat"],
    });
    const joined = ImageSet.concat("both", [setOf([1, 0]), fish]);
    expect(joined.ids).toEqual(["p0", "p1", "f"]);
    expect(joined.classNames).toEqual(["cat", "dog", "ship", "eel"]);
    expect([...joined.labels]).toEqual([1, 0, 0]);
    expect(values(joined)).toEqual([0, 1, 9]);
  });

  it("keeps unlabelled images unlabelled", () => {
    expect([...ImageSet.concat("u", [setOf([-1])]).labels]).toEqual([-1]);
  });

  it("refuses an id that occurs twice", () => {
    expect(() => ImageSet.concat("twice", [setOf([0]), setOf([0])])).toThrow("p0 occurs twice");
  });
});
