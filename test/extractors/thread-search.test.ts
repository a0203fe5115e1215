import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setProgressListener } from "../../src/core/progress.js";
import { Random } from "../../src/core/random.js";
import { ImageSet } from "../../src/datasets/index.js";
import type { CompiledNetwork } from "../../src/engines/index.js";
import { type ImageNetwork, imageNetwork } from "../../src/extractors/image-network.js";
import { Extractor, loadExtractor } from "../../src/extractors/index.js";
import { ThreadedNetwork } from "../../src/extractors/threaded-network.js";
import { noise } from "./cache/made-up-maker.js";

let clock = 0;
beforeEach(() => {
  clock = 0;
  setProgressListener(() => {});
  vi.spyOn(performance, "now").mockImplementation(() => clock);
});
afterEach(() => {
  setProgressListener(undefined);
  vi.restoreAllMocks();
});

const preparation = { resize: 2, crop: 2, filter: "bilinear", mean: [0, 0, 0], std: [1, 1, 1] } as const;
const image = noise(new Random(1));
const many = (count: number) => ImageSet.fromImages("many", new Array(count).fill(image));

/** An extractor whose network takes the given milliseconds an image, by number of threads, by the clock of the test. */
function made(threads: number, msPerImage: Record<number, number>, fails?: number) {
  const compiled: number[] = [];
  const living = new Set<number>();
  const ran: Record<number, number> = {};
  const networkFor = (count: number): ImageNetwork => {
    living.add(count);
    expect(living.size).toBeLessThanOrEqual(2);
    const compiled: CompiledNetwork = {
      async run(_, [n]) {
        expect(living).toContain(count);
        await Promise.resolve();
        clock += n * msPerImage[count];
        ran[count] = (ran[count] ?? 0) + n;
        return [{ layer: "all", shape: [n, 1], data: new Float32Array(n).fill(7) }];
      },
      dispose: () => void living.delete(count),
    };
    return imageNetwork({ compiled, preparation });
  };
  const network = new ThreadedNetwork(networkFor(threads), threads, async (count) => {
    compiled.push(count);
    if (count === fails) throw new Error("no memory");
    return networkFor(count);
  });
  const extractor = new Extractor(1, { extractor: "made", engine: "made 1" }, network);
  return { extractor, network, compiled, living, ran };
}

describe("the number of threads of a long extraction", () => {
  it.each([
    ["halved as long as that gains", 16, { 16: 30, 8: 20, 4: 15, 2: 20 }, [8, 4, 2], 4],
    ["left where fewer are slower", 8, { 8: 20, 4: 30 }, [4], 8],
    ["left where fewer gain little", 8, { 8: 20, 4: 19.5 }, [4], 8],
    ["brought down to one", 3, { 3: 30, 2: 20, 1: 12 }, [2, 1], 1],
  ])("is %s", async (_, threads, msPerImage, tried, chosen) => {
    const { extractor, network, compiled, living, ran } = made(threads, msPerImage);
    const { n, data } = await extractor.extract(many(6000), { batchSize: 32 });
    expect([n, new Set(data)]).toEqual([6000, new Set([7])]);
    expect(compiled).toEqual(tried);
    expect(network.threads).toBe(chosen);
    expect([...living]).toEqual([chosen]);
    expect(ran[chosen]).toBeGreaterThan(5000);
    await extractor.extract(many(6000), { batchSize: 32 });
    expect(compiled).toEqual(tried);
    extractor.dispose();
    expect(living.size).toBe(0);
  });

  it.each([
    ["few images", 1900, { 8: 20, 4: 10 }],
    ["little time", 6000, { 8: 3, 4: 1 }],
  ])("is not looked for where there are %s left", async (_, count, msPerImage) => {
    const { extractor, compiled, network } = made(8, msPerImage);
    await extractor.extract(many(count), { batchSize: 32 });
    expect([compiled, network.threads]).toEqual([[], 8]);
  });

  it("is looked for again after an interruption, and stays as it was where a second network cannot be had", async () => {
    const { extractor, compiled, living, network } = made(4, { 4: 20, 2: 10 }, 1);
    const interrupt = new AbortController();
    setProgressListener(({ done }) => {
      if (done >= 150) interrupt.abort();
    });
    const stopped = extractor.extract(many(6000), { batchSize: 32, signal: interrupt.signal });
    await expect(stopped).rejects.toThrow("interrupted");
    expect([compiled, network.threads, [...living]]).toEqual([[2], 4, [4]]);
    setProgressListener(() => {});
    await extractor.extract(many(6000), { batchSize: 32 });
    expect([compiled, network.threads, [...living]]).toEqual([[2, 2, 1], 2, [2]]);
  });

  it("is looked for by one of two extractions at once, and no network is given back while it runs", async () => {
    const { extractor, compiled, living, network } = made(4, { 4: 30, 2: 20, 1: 30 });
    const both = [6000, 6000].map((count) => extractor.extract(many(count), { batchSize: 32 }));
    for (const { n } of await Promise.all(both)) expect(n).toBe(6000);
    expect(new Set(compiled).size).toBe(compiled.length);
    expect([...living]).toEqual([network.threads]);
  });

  it("does not show in the features nor in their provenance", async () => {
    vi.restoreAllMocks();
    const images = ImageSet.fromImages(
      "noise",
      Array.from({ length: 40 }, (_, i) => noise(new Random(i), 20, 20)),
    );
    const [usual, one] = [await loadExtractor("embedded"), await loadExtractor("embedded", { threads: 1 })];
    const [expected, found] = [await usual.extract(images), await one.extract(images)];
    expect(found.data).toEqual(expected.data);
    expect(found.provenance).toEqual(expected.provenance);
    usual.dispose();
    one.dispose();
  });
});
