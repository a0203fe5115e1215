import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadExtractor } from "../../src/extractors/index.js";
import {
  add,
  conv,
  embedded,
  inputSizeTensors,
  loadWeights,
  type Network,
  networkInput,
  splitByInputSize,
  type Weights,
  weightsAtInputSize,
  writeSafetensors,
} from "../../src/networks/index.js";

const network: Network = {
  ...embedded,
  layers: [
    conv("one", networkInput, { filters: 2, kernel: 1 }),
    conv("two", "one", { filters: 3, kernel: 1 }),
    add("sum", ["two", "two"], "relu"),
  ],
};
const tensor = (shape: number[], ...data: number[]) => ({ shape, data: Float32Array.from(data) });
const own: Weights = new Map([
  ["one.weight", tensor([2, 3, 1, 1], 1, 2, 3, 4, 5, 6)],
  ["one.bias", tensor([2], 0, 1)],
  ["two.weight", tensor([3, 2, 1, 1], 1, 1, 2, 2, 3, 3)],
  ["two.bias", tensor([3], 0, 0, 0)],
]);
const at64 = new Map([
  ["one.bias", tensor([2], 7, 8)],
  ["two.bias", tensor([3], 4, 5, 6)],
]);
const factors = [Float32Array.of(10, 0.5), Float32Array.of(1, 2, 3)];
const sized = inputSizeTensors(network, 64, factors, at64);
const folder = await mkdtemp(join(tmpdir(), "dn2-input-sizes-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("statistics of several input sizes", () => {
  test("are told apart from the network's own weights", () => {
    const { own: rest, sizes } = splitByInputSize(new Map([...own, ...sized]));
    expect([...rest.keys()]).toEqual([...own.keys()]);
    expect([...sizes.keys()]).toEqual([64]);
    expect([...(sizes.get(64)?.keys() ?? [])]).toEqual(["one.scale", "one.bias", "two.scale", "two.bias"]);
    expect(splitByInputSize(own).own).toBe(own);
  });

  test("scale every filter's kernel and replace its offset, at the nearest size by ratio", () => {
    const { sizes } = splitByInputSize(sized);
    const adapted = weightsAtInputSize(network, own, sizes, 64);
    expect([...(adapted.get("one.weight")?.data ?? [])]).toEqual([10, 20, 30, 2, 2.5, 3]);
    expect([...(adapted.get("two.weight")?.data ?? [])]).toEqual([1, 1, 4, 4, 9, 9]);
    expect([...(adapted.get("one.bias")?.data ?? [])]).toEqual([7, 8]);
    expect([...(own.get("one.weight")?.data ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
    const isAdapted = (size: number) => weightsAtInputSize(network, own, sizes, size) !== own;
    // between 32 and 64 the geometric mean, 45.25, parts them
    expect([8, 32, 45, 46, 300].map(isAdapted)).toEqual([false, false, false, true, true]);
  });

  test("that are incomplete are refused, naming the size and the convolution", () => {
    const { sizes } = splitByInputSize(new Map([...sized].filter(([name]) => name !== "input64.two.bias")));
    expect(() => weightsAtInputSize(network, own, sizes, 64, "file")).toThrow(
      "file: input size 64 must have 3 numbers as two.bias; it has none",
    );
    expect(weightsAtInputSize(network, own, sizes, 32, "file")).toBe(own);
  });

  test("are used by an extractor of that input size for the network's own feature, and by no other", async () => {
    const { weights } = await loadWeights(embedded);
    const file = async (name: string, tensors: Weights) => {
      const path = join(folder, `${name}.safetensors`);
      await writeSafetensors(path, tensors, {});
      return path;
    };
    const filters = embedded.layers.flatMap((layer) => (layer.kind === "conv" ? [layer.filters] : []));
    const ones = filters.map((count) => new Float32Array(count).fill(1));
    const silent = new Map(
      [...weights].map(([name, { shape, data }]) => [name, { shape, data: data.map(() => 0) }]),
    );
    const path = await file("sized", new Map([...weights, ...inputSizeTensors(embedded, 64, ones, silent)]));
    const plain = await file("plain", weights);
    const image = {
      width: 64,
      height: 64,
      channels: 3,
      data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => i),
    } as const;
    const features = async (weightsPath: string, inputSize: number, layer?: string) => {
      const extractor = await loadExtractor("embedded", { weights: weightsPath, inputSize, layer });
      const { ImageSet } = await import("../../src/datasets/index.js");
      const { data } = await extractor.extract(ImageSet.fromImages("one", [image]));
      extractor.dispose();
      return [...data];
    };
    expect(await features(path, 32)).toEqual(await features(plain, 32));
    expect(await features(path, 64)).not.toEqual(await features(plain, 64));
    expect(await features(path, 64, "blocks.5")).toEqual(await features(path, 64));
    for (const layer of ["blocks.3", "blocks.3+blocks.5"])
      expect(await features(path, 64, layer)).toEqual(await features(plain, 64, layer));
  });
});
