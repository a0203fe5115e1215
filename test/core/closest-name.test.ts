import { expect, test } from "vitest";
import { didYouMean } from "../../src/core/closest-name.js";

const names = ["unimodal", "multimodal", "k", "few-images", "wbc"];

test.each([
  ["unimoda", "unimodal"],
  ["Unimodal", "unimodal"],
  ["untimodal", "unimodal"],
  ["nuimodal", "unimodal"],
  ["few-imgaes", "few-images"],
  ["fewimages", "few-images"],
  ["wcb", "wbc"],
])("%s was meant to be %s", (given, meant) => {
  expect(didYouMean(given, names)).toBe(` (did you mean ${meant}?)`);
});

test.each(["", "sideways", "q", "cifar10", "mu"])("%j is too far from every name", (given) => {
  expect(didYouMean(given, names)).toBe("");
});

test("of several close names the closest is taken, of equally close ones the first", () => {
  expect(didYouMean("resnet11", ["resnet18", "resnet101"])).toBe(" (did you mean resnet18?)");
  expect(didYouMean("multimoda", names)).toBe(" (did you mean multimodal?)");
});
