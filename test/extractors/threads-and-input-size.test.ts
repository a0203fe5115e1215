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
let ownOffset = 0;

beforeAll(async () => {
  setProgressListener(() => {});
  vi.spyOn(performance, "now").mockImplementation(() => clock.now);
  const own = randomWeights(embedded, random);
  const convs = embedded.layers.flatMap((layer) => (layer.kind === "conv" ? [layer] : []));
  const factors = convs.map(({ filters }) => new Float32Array(filters).fill(1));
  const offsets = convs.map(({ bias = "", filters }) => {
    return [bias, { shape: [filters], data: new Float32Array(filters).fill(9) }] as const;
  });
  const sized = inputSizeTensors(embedded, 90, factors, new Map([...own, ...offsets]));
  ownOffset = own.get(convs[0].bias ?? "")?.data[0] as number;
  await writeSafetensors(path, new Map([...own, ...sized]), {});
});

afterAll(() => {
  vi.restoreAllMocks();
  setProgressListener(undefined);
  rmSync(folder, { recursive: true });
});

it("a network compiled anew for fewer threads has the weights of all its input sizes", async () => {
  const image = noise(random);
  const images = ImageSet.fromImages("many", new Array(3000).fill(image));
  const extractor = await loadExtractor("embedded", { weights: path, inputSize: 100 });
  const { data } = await extractor.extract(images, { batchSize: 32 });
  expect(compiled).toEqual(
    [undefined, 2, 1].flatMap((threads) => [ownOffset, 9].map((offset) => ({ threads, offset }))),
  );
  expect(new Set(data)).toEqual(new Set([Math.fround((ownOffset + 9) / 2)]));
  extractor.dispose();
  compiled.length = 0;
  for (const inputSize of [undefined, 89]) await loadExtractor("embedded", { weights: path, inputSize });
  expect(compiled.map(({ offset }) => offset)).toEqual([ownOffset, ownOffset]);
});
