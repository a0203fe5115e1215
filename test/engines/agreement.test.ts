import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { engineNames, loadEngine } from "../../src/engines/index.js";
import { add, concat, conv, describe, embedded, type Layer, maxPool } from "../../src/networks/index.js";
import { largestDifference, networkOf, randomWeights } from "../helpers/random-weights.js";

/** Random layers one after the other; side branches meet again in additions and concatenations. */
function randomLayers(random: Random): Layer[] {
  const layers: Layer[] = [];
  let before = "input";
  let channels = 3;
  const pick = <T>(...choices: T[]): T => choices[random.integer(choices.length)];
  for (let i = 0; i < 5; i++) {
    const name = `layer${i}`;
    const kernel = pick(1, 2, 3, 5);
    const stride = pick(1, 1, 2, 3);
    const padding = pick<"same" | number>("same", 0, 1, 2);
    const activation = pick<"none" | "relu" | "relu6">("none", "relu", "relu6");
    const kind = pick("conv", "conv", "depthwise", "grouped", "pool", "add", "concat");
    if (kind === "pool") {
      const size = pick(2, 3, 4);
      const edge = pick<"same" | number>("same", 0, 1);
      layers.push(
        maxPool(name, before, { kernel: size, stride, padding: edge, ceilMode: random.integer(2) > 0 }),
      );
    } else if (kind === "add" || kind === "concat") {
      const branch = conv(`${name}.branch`, before, { filters: channels, kernel: 3, padding: 1 });
      const inputs = [before, branch.name];
      layers.push(branch, kind === "add" ? add(name, inputs, activation) : concat(name, inputs));
      if (kind === "concat") channels *= 2;
    } else {
      const groups = kind === "depthwise" ? channels : kind === "grouped" && channels % 2 === 0 ? 2 : 1;
      const filters = kind === "depthwise" ? channels * pick(1, 2) : pick(2, 4, 6, 8);
      const batchNorm = pick(undefined, `${name}.bn`);
      layers.push(conv(name, before, { filters, kernel, stride, padding, groups, activation, batchNorm }));
      channels = filters;
    }
    before = name;
  }
  return layers;
}

test("random networks of any layers, batch and size agree on all engines", async () => {
  const engines = await Promise.all(engineNames.map((name) => loadEngine(name)));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 1e6 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      async (seed, n, height, width) => {
        const random = new Random(seed);
        const network = networkOf(randomLayers(random));
        const shapes = possible(() => describe(network, height, width));
        fc.pre(shapes !== undefined);
        const weights = randomWeights(network, random);
        const input = Float32Array.from({ length: n * 3 * height * width }, () => random.normal());
        const outputs = network.layers.map(({ name }) => ({ layer: name, pooled: random.integer(2) > 0 }));
        const results = [];
        for (const engine of engines) {
          const compiled = await engine.compile(network, weights, { outputs });
          results.push(await compiled.run(input, [n, 3, height, width]));
          compiled.dispose();
        }
        for (const [i, { name, shape }] of (shapes ?? []).entries()) {
          const wanted = outputs[i].pooled ? [n, shape[0]] : [n, ...shape];
          const scale = Math.max(1, ...results[0][i].data.map(Math.abs));
          for (const result of results) {
            expect([...result[i].shape], name).toEqual(wanted);
            expect(largestDifference(result[i].data, results[0][i].data) / scale, name).toBeLessThan(1e-4);
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("the embedded network agrees on all engines, at any size", async () => {
  const random = new Random("embedded");
  const weights = randomWeights(embedded, random);
  for (const [n, height, width] of [
    [2, 32, 32],
    [1, 45, 23],
  ]) {
    const input = Float32Array.from({ length: n * 3 * height * width }, () => random.normal());
    const features = [];
    for (const name of engineNames) {
      const compiled = await (await loadEngine(name)).compile(embedded, weights);
      const [{ shape, data }] = await compiled.run(input, [n, 3, height, width]);
      compiled.dispose();
      expect([...shape]).toEqual([n, 256]);
      features.push(data);
    }
    const scale = Math.max(...features[0]);
    expect(scale).toBeGreaterThan(0);
    for (const other of features.slice(1)) {
      expect(largestDifference(other, features[0]) / scale).toBeLessThan(1e-4);
    }
  }
});

function possible<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}
