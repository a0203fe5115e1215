import { expect, test } from "vitest";
import { extractorChoice } from "../../cli/extractor-options.js";

test("a file of weights goes with a network, and must be there", () => {
  const weights = import.meta.filename;
  expect(extractorChoice({ extractor: "resnet50", weights }).weights).toBe(weights);
  expect(extractorChoice({ extractor: "resnet50" }).weights).toBeUndefined();
  expect(() => extractorChoice({ extractor: "pixels", weights })).toThrow(
    "--weights needs a network; the extractor pixels has none",
  );
  expect(() => extractorChoice({ extractor: "resnet50", weights: "none.pth" })).toThrow(
    "--weights must be a file; none.pth is none",
  );
});
