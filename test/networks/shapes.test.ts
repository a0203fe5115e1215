import fc from "fast-check";
import { expect, describe as group, test } from "vitest";
import {
  add,
  concat,
  conv,
  describe,
  embedded,
  extent,
  maxPool,
  mobilenetEdgetpu075,
  mobilenetV2,
  squeezenet11,
} from "../../src/networks/index.js";
import { networkOf } from "../helpers/random-weights.js";

group("extent", () => {
  test("same padding with stride 2 puts the odd pixel at the end of an even size", () => {
    expect(extent(224, 3, 2, "same")).toEqual({ before: 0, after: 1, size: 112 });
    expect(extent(7, 3, 2, "same")).toEqual({ before: 1, after: 1, size: 4 });
    expect(extent(14, 5, 2, "same")).toEqual({ before: 1, after: 2, size: 7 });
    expect(extent(14, 3, 1, "same")).toEqual({ before: 1, after: 1, size: 14 });
    expect(extent(5, 1, 2, "same")).toEqual({ before: 0, after: 0, size: 3 });
  });

  test("explicit padding floors", () => {
    expect(extent(224, 7, 2, [3, 3])).toEqual({ before: 3, after: 2, size: 112 });
    expect(extent(6, 3, 2, [0, 0])).toEqual({ before: 0, after: -1, size: 2 });
  });

  test("ceil keeps a window that is partly outside, but none that begins outside", () => {
    expect(extent(6, 3, 2, [0, 0], "ceil")).toEqual({ before: 0, after: 1, size: 3 });
    expect(extent(2, 1, 2, [0, 0], "ceil")).toEqual({ before: 0, after: -1, size: 1 });
    expect(extent(3, 2, 3, [1, 1], "ceil")).toEqual({ before: 1, after: 1, size: 2 });
  });

  test("windows counted one by one", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        (n, kernel, stride, before, after) => {
          fc.pre(n + before + after >= kernel);
          let floor = 0;
          while (floor * stride + kernel <= n + before + after) floor++;
          expect(extent(n, kernel, stride, [before, after]).size).toBe(floor);
          if (before <= kernel / 2 && after <= kernel / 2) {
            const starts = Array.from({ length: 60 }, (_, i) => i * stride);
            const kept = starts.filter(
              (start) => start < n + before && start - stride + kernel < n + before + after,
            );
            expect(extent(n, kernel, stride, [before, after], "ceil").size).toBe(kept.length);
          }
          const same = extent(n, kernel, stride, "same");
          expect(same.size).toBe(Math.ceil(n / stride));
          expect(same.after - same.before).toBeLessThanOrEqual(1);
          expect(same.after).toBeGreaterThanOrEqual(same.before);
        },
      ),
    );
  });
});

group("describe", () => {
  test.each([
    [mobilenetV2, 224, [1280, 7, 7]],
    [mobilenetV2, 32, [1280, 1, 1]],
    [mobilenetEdgetpu075, 224, [1280, 7, 7]],
    [squeezenet11, 224, [512, 13, 13]],
    [squeezenet11, 32, [512, 1, 1]],
    [embedded, 32, [256, 4, 4]],
    [embedded, 8, [256, 1, 1]],
    [embedded, 96, [256, 12, 12]],
  ])("the feature layer of $name at %i", (network, size, shape) => {
    const layer = network.aliases[network.featureLayer] ?? network.featureLayer;
    expect(describe(network, size).find(({ name }) => name === layer)?.shape).toEqual(shape);
  });

  test("height and width are kept apart", () => {
    const network = networkOf([conv("a", "input", { filters: 4, kernel: 3, stride: 2, padding: 1 })]);
    expect(describe(network, 9, 20)).toEqual([{ name: "a", kind: "conv", shape: [4, 5, 10] }]);
  });

  test("an input that is too small is refused", () => {
    expect(() => describe(squeezenet11, 4)).toThrow(
      "squeezenet1_1 must have an input of at least 32 x 32 pixels; 4 x 4 leaves layer features.2 without output",
    );
  });

  test("layers that do not fit together are refused by name", () => {
    const first = conv("a", "input", { filters: 4, kernel: 1 });
    const second = conv("b", "input", { filters: 5, kernel: 1 });
    expect(() => describe(networkOf([first, second, add("c", ["a", "b"])]), 8)).toThrow(
      "layer c: its inputs must have equal channels; got 4 and 5",
    );
    const pooled = maxPool("p", "b", { kernel: 2, stride: 2 });
    expect(() => describe(networkOf([first, second, pooled, concat("c", ["a", "p"])]), 8)).toThrow(
      "layer c: its inputs must have equal width and height; got 8 x 8 and 4 x 4",
    );
    expect(() => describe(networkOf([pooled, second]), 8)).toThrow("its input b must come before it");
    expect(() => describe(networkOf([first, first]), 8)).toThrow("two layers have this name");
    const sparse = maxPool("p", "input", { kernel: 1, stride: 2, padding: "same" });
    expect(() => describe(networkOf([sparse]), 8)).toThrow("must have windows of at least its stride");
    const grouped = conv("g", "input", { filters: 4, kernel: 1, groups: 2 });
    expect(() => describe(networkOf([grouped]), 8)).toThrow("must both divide into 2 groups");
  });
});
