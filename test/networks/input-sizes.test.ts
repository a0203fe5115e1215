import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ImageSet } from "../../src/datasets/index.js";
import { loadEngine } from "../../src/engines/index.js";
import { loadExtractor } from "../../src/extractors/index.js";
import { prepare, toTensor } from "../../src/images/index.js";
import {
  add,
  conv,
  embedded,
  featureSizes,
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

  test("scale every filter's kernel and replace its offset", () => {
    const { sizes } = splitByInputSize(sized);
    const adapted = weightsAtInputSize(network, own, sizes, 64);
    expect([...(adapted.get("one.weight")?.data ?? [])]).toEqual([10, 20, 30, 2, 2.5, 3]);
    expect([...(adapted.get("two.weight")?.data ?? [])]).toEqual([1, 1, 4, 4, 9, 9]);
    expect([...(adapted.get("one.bias")?.data ?? [])]).toEqual([7, 8]);
    expect([...(own.get("one.weight")?.data ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
    const isAdapted = (size: number) => weightsAtInputSize(network, own, sizes, size) !== own;
    expect([8, 32, 63, 64, 65].map(isAdapted)).toEqual([false, false, false, true, false]);
  });

  test("that are incomplete are refused, naming the size and the convolution", () => {
    const { sizes } = splitByInputSize(new Map([...sized].filter(([name]) => name !== "input64.two.bias")));
    expect(() => weightsAtInputSize(network, own, sizes, 64, "file")).toThrow(
      "file: input size 64 must have 3 numbers as two.bias; it has none",
    );
    expect(weightsAtInputSize(network, own, sizes, 32, "file")).toBe(own);
  });

  test.each([
    [8, [8]],
    [31, [31]],
    [32, [32]],
    [47, [32]],
    [48, [32, 48]],
    [95, [32, 48]],
    [300, [32, 48, 96]],
  ])("an input of %i pixels is seen at the known sizes that are no larger", (size, expected) => {
    expect(featureSizes(embedded, [96, 48], size)).toEqual(expected);
    expect(featureSizes({ ...embedded, multiScale: undefined }, [96, 48], size)).toEqual([size]);
  });

  test("are used by an extractor for the network's own feature, the mean over the sizes, and for no other layer", async () => {
    const { weights, sizes } = await loadWeights(embedded);
    expect([...sizes.keys()]).toEqual([48]);
    const plain = join(folder, "plain.safetensors");
    await writeSafetensors(plain, weights, {});
    const image = {
      width: 64,
      height: 64,
      channels: 3,
      data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => i),
    } as const;
    const set = ImageSet.fromImages("one", [image]);
    const features = async (inputSize: number, { layer, path }: { layer?: string; path?: string } = {}) => {
      const extractor = await loadExtractor("embedded", { inputSize, layer, weights: path });
      const { data, provenance } = await extractor.extract(set, { cache: false });
      const maps = [];
      for await (const { shape, data } of extractor.extractMaps(set)) maps.push({ shape, data });
      extractor.dispose();
      return { data: [...data], provenance, maps };
    };
    const [small, both, large] = [await features(32), await features(48), await features(96)];
    const compiled = await (await loadEngine()).compile(
      embedded,
      weightsAtInputSize(embedded, weights, sizes, 48),
    );
    const preparation = { ...embedded.preparation, resize: 48, crop: 48 };
    const [middle] = await compiled.run(toTensor([prepare(image, preparation)], preparation), [1, 3, 48, 48]);
    compiled.dispose();
    expect(both.data).toEqual(small.data.map((value, i) => Math.fround((value + middle.data[i]) / 2)));
    expect(large.data).toEqual(both.data);
    expect(large.provenance).toEqual(both.provenance);
    expect(large.provenance.preparation).toMatch("shorter side 32 and 48 bilinear / centre crop 32 and 48 /");
    expect(small.provenance.preparation).toMatch("shorter side 32 bilinear / centre crop 32 /");
    expect(large.maps[0].shape).toEqual([256, 12, 12]);
    expect((await features(96, { path: plain })).maps).toEqual(large.maps);
    expect(await features(96, { path: plain }).then(({ data }) => data)).toEqual(small.data);
    expect((await features(40)).data).toEqual(small.data);
    expect((await features(40)).provenance).toEqual(small.provenance);
    for (const layer of ["blocks.3", "blocks.3+blocks.5"]) {
      const [known, unknown] = [await features(64, { layer }), await features(64, { layer, path: plain })];
      expect(known.data).toEqual(unknown.data);
      expect(known.maps[0].shape[1]).toBeGreaterThan(8);
    }
  });
});
