import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { setProgressListener } from "../../src/core/progress.js";
import { Random } from "../../src/core/random.js";
import { ImageSet } from "../../src/datasets/index.js";
import type { CompiledNetwork, CompileOptions, Engine } from "../../src/engines/index.js";
import { loadExtractor } from "../../src/extractors/index.js";
import {
  embedded,
  inputSizeTensors,
  type Network,
  type Weights,
  writeSafetensors,
} from "../../src/networks/index.js";
import { randomWeights } from "../helpers/random-weights.js";
import { noise } from "./cache/made-up-maker.js";

const { clock, compiled } = vi.hoisted(() => ({
  clock: { now: 0 },
  compiled: [] as { threads: number | undefined; offset: number }[],
}));

/** An engine whose features are the offset of the first convolution, and which takes 10 ms for an image on each of its threads. */
vi.mock("../../src/engines/index.js", async (original) => {
  const compile = async (
    network: Network,
    weights: Weights,
    options: CompileOptions,
  ): Promise<CompiledNetwork> => {
    const [first] = network.layers;
    const offset = (first.kind === "conv" && weights.get(first.bias ?? "")?.data[0]) || 0;
    compiled.push({ threads: options.threads, offset });
    return {
      run: async (_, [n]) => {
        clock.now += 10 * n * (options.threads ?? 4);
        return [{ layer: "all", shape: [n, 256], data: new Float32Array(256 * n).fill(offset) }];
      },
      dispose: () => {},
    };
  };
  return {
    ...(await original<object>()),
    usefulThreads: () => 4,
    loadEngine: async () => ({ name: "onnxruntime-node", version: "1", compile }) as unknown as Engine,
  };
});

const folder = mkdtempSync(join(tmpdir(), "dn2-threads-"));
const path = join(folder, "sized.safetensors");
const random = new Random(1);

beforeAll(async () => {
  setProgressListener(() => {});
  vi.spyOn(performance, "now").mockImplementation(() => clock.now);
  const own = randomWeights(embedded, random);
  const tensors: Weights[] = [own];
  for (const [size, offset] of [
    [10, 7],
    [90, 9],
  ]) {
    const convs = embedded.layers.flatMap((layer) => (layer.kind === "conv" ? [layer] : []));
    const factors = convs.map(({ filters }) => new Float32Array(filters).fill(1));
    const offsets = convs.map(({ bias = "", filters }) => {
      return [bias, { shape: [filters], data: new Float32Array(filters).fill(offset) }] as const;
    });
    tensors.push(inputSizeTensors(embedded, size, factors, new Map([...own, ...offsets])));
  }
  await writeSafetensors(path, new Map(tensors.flatMap((part) => [...part])), {});
});

afterAll(() => {
  vi.restoreAllMocks();
  setProgressListener(undefined);
  rmSync(folder, { recursive: true });
});

it("a network compiled anew for fewer threads has the weights of its input size", async () => {
  const image = noise(random);
  const images = ImageSet.fromImages("many", new Array(3000).fill(image));
  const extractor = await loadExtractor("embedded", { weights: path, inputSize: 10 });
  const { data } = await extractor.extract(images, { batchSize: 32 });
  expect(compiled).toEqual(
    [4, 2, 1].map((threads, i) => ({ threads: i === 0 ? undefined : threads, offset: 7 })),
  );
  expect(data.every((value) => value === 7)).toBe(true);
  compiled.length = 0;
  await loadExtractor("embedded", { weights: path });
  await loadExtractor("embedded", { weights: path, inputSize: 90 });
  expect(compiled[0].offset).not.toBe(7);
  expect(compiled[1].offset).toBe(9);
});
