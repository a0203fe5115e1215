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

test("several layers are joined by a plus, and each must be a layer of the network", () => {
  const layer = "blocks.3+blocks.5";
  expect(extractorChoice({ extractor: "embedded", layer }).layer).toBe(layer);
  expect(() => extractorChoice({ extractor: "embedded", layer: "blocks.3+roof" })).toThrow(
    /--layer: unknown layer of embedded: roof/,
  );
  expect(() => extractorChoice({ extractor: "embedded", layer: "stem+stem" })).toThrow(
    /--layer: layers of embedded must be at least one and all different; got stem, stem/,
  );
});
