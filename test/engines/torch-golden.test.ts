import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { engineNames, loadEngine } from "../../src/engines/index.js";
import { bindWeights, extent, readSafetensors } from "../../src/networks/index.js";
import { readNpz } from "../helpers/npy.js";
import { largestDifference } from "../helpers/random-weights.js";
import { smallNetwork } from "./small-network.js";

const folder = join(import.meta.dirname, "../golden/networks");
const golden = readNpz(join(folder, "small.npz"));

test.each(engineNames)("%s computes every kind of layer as PyTorch does", async (name) => {
  const path = join(folder, "small.safetensors");
  const weights = bindWeights(smallNetwork, (await readSafetensors(path)).tensors);
  const outputs = smallNetwork.layers.flatMap(({ name: layer }) => [
    { layer, pooled: false },
    { layer, pooled: true },
  ]);
  const engine = await loadEngine(name);
  const compiled = await engine.compile(smallNetwork, weights, { outputs });
  const results = await compiled.run(golden.get("input")?.data as Float32Array, [2, 3, 13, 10]);
  compiled.dispose();
  expect(results.map(({ layer }) => layer)).toEqual(outputs.map(({ layer }) => layer));
  for (const [i, { layer, shape, data }] of results.entries()) {
    const { shape: wantedShape, data: map } = golden.get(layer) as { shape: number[]; data: Float32Array };
    const [n, c, h, w] = wantedShape;
    const wanted = outputs[i].pooled
      ? Float32Array.from({ length: n * c }, (_, j) => mean(map.subarray(j * h * w, (j + 1) * h * w)))
      : map;
    expect(shape).toEqual(outputs[i].pooled ? [n, c] : wantedShape);
    expect(largestDifference(data, wanted), layer).toBeLessThan(1e-5);
  }
});

test("windows are counted as PyTorch counts them", () => {
  const rows: number[][] = JSON.parse(readFileSync(join(folder, "pool-sizes.json"), "utf8"));
  expect(rows.length).toBeGreaterThan(400);
  for (const [n, kernel, stride, padding, ceil, size] of rows) {
    const rounding = ceil ? "ceil" : "floor";
    expect(extent(n, kernel, stride, [padding, padding], rounding).size).toBe(size);
  }
});

function mean(numbers: Float32Array): number {
  return numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
}
