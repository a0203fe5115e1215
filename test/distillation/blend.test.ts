import { describe, expect, test } from "vitest";
import { blend, packWeights, unpackWeights } from "../../src/distillation/index.js";
import { conv, embedded, networkInput } from "../../src/networks/index.js";

const one = (...values: number[]) =>
  new Map([["a", { shape: [values.length], data: Float32Array.from(values) }]]);

describe("a blend of two networks", () => {
  test("takes its share of the second", () => {
    expect([...blend(one(0, 4), one(8, 0), 0.25).get("a")!.data]).toEqual([2, 3]);
  });

  test("is refused when a weight has another size", () => {
    expect(() => blend(one(1), one(1, 2), 0.5)).toThrow(
      "both networks must have 1 numbers named a; the second has 2",
    );
  });
});

describe("packed weights", () => {
  const layers = [
    conv("a", networkInput, { filters: 2, kernel: 1 }),
    conv("b", "a", { filters: 1, kernel: 1 }),
  ];
  const network = { ...embedded, layers, featureLayer: "b" };

  test("come back with their names and shapes", () => {
    const weights = new Map([
      ["a.weight", { shape: [2, 3, 1, 1], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ["a.bias", { shape: [2], data: Float32Array.of(7, 8) }],
      ["b.weight", { shape: [1, 2, 1, 1], data: Float32Array.of(9, 10) }],
      ["b.bias", { shape: [1], data: Float32Array.of(11) }],
    ]);
    expect(unpackWeights(network, packWeights(weights))).toEqual(weights);
  });

  test("of another length are refused", () => {
    expect(() => unpackWeights(network, new Float32Array(3))).toThrow("embedded has 11 weights; got 3");
  });
});
