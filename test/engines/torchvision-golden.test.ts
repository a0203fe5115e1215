import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engineNames, loadEngine } from "../../src/engines/index.js";
import { bindWeights, networkNamed, type Weights } from "../../src/networks/index.js";
import { hashed, hashedPositions, hashedWeights } from "../helpers/hashed-weights.js";
import { readNpz } from "../helpers/npy.js";
import { largestDifference } from "../helpers/random-weights.js";

const golden = readNpz(join(import.meta.dirname, "../golden/networks/torchvision.npz"));
const names = [...new Set([...golden.keys()].map((key) => key.split("/")[0]))];
const input = hashed("input", 2 * 3 * 70 * 57, -2, 2);

function layersOf(name: string): string[] {
  return [...golden.keys()].flatMap((key) => new RegExp(`^${name}/(.*)/shape$`).exec(key)?.[1] ?? []);
}

describe.each(names)("%s", (name) => {
  const network = networkNamed(name);
  const layers = layersOf(name);
  let weights: Weights = new Map();
  beforeAll(() => {
    weights = bindWeights(network, hashedWeights(network));
  });
  afterAll(() => {
    weights = new Map();
  });

  test.each(engineNames)("maps and pooled features are torchvision's on %s", async (engineName) => {
    const outputs = [
      ...layers.map((layer) => ({ layer, pooled: false })),
      { layer: network.featureLayer, pooled: true },
    ];
    const compiled = await (await loadEngine(engineName)).compile(network, weights, { outputs });
    const results = await compiled.run(input, [2, 3, 70, 57]);
    const [alone] = await compiled.run(input, [2, 3, 70, 57], [outputs.length - 1]);
    compiled.dispose();
    expect(alone).toEqual(results[outputs.length - 1]);
    const pooled = results.pop();
    for (const { layer, shape, data } of results) {
      const wantedShape = golden.get(`${name}/${layer}/shape`)?.data as Int32Array;
      expect(Int32Array.from(shape), layer).toEqual(wantedShape);
      const sample = hashedPositions(layer, 256, data.length).map((i) => data[i]);
      const wanted = golden.get(`${name}/${layer}`)?.data as Float32Array;
      expect(largestDifference(sample, wanted), layer).toBeLessThan(1e-3);
    }
    const wanted = golden.get(`${name}/pooled`);
    expect([...(pooled?.shape ?? [])]).toEqual(wanted?.shape);
    expect(largestDifference(pooled?.data ?? [], wanted?.data as Float32Array)).toBeLessThan(1e-3);
  });
});
