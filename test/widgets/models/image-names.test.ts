import { expect, it } from "vitest";
import { fullName, type ImageNames, shortName, tileName } from "../../../src/widgets/models/image-names.js";

const names: ImageNames = {
  classNames: ["cell"],
  test: Int32Array.of(-1, 0, -1, -1),
  testIds: ["scans/2024/slide-0000012-left.png", "cells/1.png", "a.png", "  "],
};

it("calls an image without a class by its file, shortened in the middle, and in full where there is room", () => {
  expect(shortName(names, "test", 0)).toBe("slide-…eft.png");
  expect(Array.from(shortName(names, "test", 0))).toHaveLength(14);
  expect(tileName(names, "test", 0)).toEqual({ name: "scans/2024/slide-0000012-left.png" });
  expect(fullName(names, "test", 0)).toBe("scans/2024/slide-0000012-left.png");
  expect(shortName(names, "test", 2)).toBe("a.png");
});

it("calls an image by its class where it has one, and by its position where nothing is known", () => {
  expect(shortName(names, "test", 1)).toBe("cell");
  expect(shortName(names, "test", 3)).toBe("#3");
  expect(shortName(names, "train", 5)).toBe("#5");
  expect(tileName(names, "train", 5)).toEqual({});
  expect(fullName(names, "train", 5)).toBe("training image 5");
});
