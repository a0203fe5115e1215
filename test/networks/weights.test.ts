import { expect, test } from "vitest";
import {
  bindWeights,
  conv,
  embedded,
  foldConv,
  parameterShapes,
  type Tensor,
} from "../../src/networks/index.js";
import { networkOf, zeroWeights } from "../helpers/random-weights.js";

const batchNormed = conv("c", "input", { filters: 2, kernel: 1, batchNorm: "n" });

test("batch normalisation folds into kernel and offset", () => {
  const layer = { ...batchNormed, bias: "c.bias", batchNorm: { ...batchNormed.batchNorm!, epsilon: 0 } };
  const tensor = (...numbers: number[]): Tensor => ({ shape: [2], data: Float32Array.from(numbers) });
  const { weight, bias } = foldConv(
    layer,
    new Map([
      ["c.weight", { shape: [2, 3, 1, 1], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ["c.bias", tensor(7, 8)],
      ["n.weight", tensor(4, 3)],
      ["n.bias", tensor(0.5, 0.25)],
      ["n.running_mean", tensor(5, 6)],
      ["n.running_var", tensor(4, 9)],
    ]),
  );
  expect([...weight]).toEqual([2, 4, 6, 4, 5, 6]);
  expect([...bias]).toEqual([4.5, 2.25]);
});

test("nothing to fold: the kernel is not copied", () => {
  const layer = conv("c", "input", { filters: 1, kernel: 1 });
  const weights = zeroWeights(networkOf([layer]));
  expect(foldConv(layer, weights).weight).toBe(weights.get("c.weight")?.data);
});

test("parameters of a batch-normed convolution have PyTorch's names", () => {
  expect([...parameterShapes(networkOf([batchNormed]))]).toEqual([
    ["c.weight", [2, 3, 1, 1]],
    ["n.weight", [2]],
    ["n.bias", [2]],
    ["n.running_mean", [2]],
    ["n.running_var", [2]],
  ]);
});

test("what the network does not use is left out, without copying the rest", () => {
  const tensors = zeroWeights(embedded);
  tensors.set("classifier.weight", { shape: [1], data: Float32Array.of(1) });
  const bound = bindWeights(embedded, tensors);
  expect([...bound.keys()]).toEqual([...parameterShapes(embedded).keys()]);
  expect(bound.get("stem.weight")?.data).toBe(tensors.get("stem.weight")?.data);
});

test("a missing parameter and a wrong shape are refused with one sentence", () => {
  const tensors = zeroWeights(embedded);
  for (const name of [...tensors.keys()].slice(0, 5)) tensors.delete(name);
  expect(() => bindWeights(embedded, tensors, "a.safetensors")).toThrow(
    "a.safetensors: the tensors must be those of embedded; missing: stem.weight, stem.bias, blocks.0.conv1.weight and 2 more; is it a checkpoint of another network?",
  );
  const wrong = zeroWeights(embedded);
  wrong.set("stem.bias", { shape: [16], data: new Float32Array(16) });
  expect(() => bindWeights(embedded, wrong, "a.safetensors")).toThrow(
    "a.safetensors: the tensors must be those of embedded; of another shape: stem.bias must be 32 and is 16; is it",
  );
});
