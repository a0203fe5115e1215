import { afterEach, describe, expect, it, vi } from "vitest";
import { Random } from "../../src/core/random.js";
import { ImageSet } from "../../src/datasets/index.js";
import { BatchSize } from "../../src/extractors/batch-size.js";
import { loadExtractor } from "../../src/extractors/index.js";
import { noise } from "./cache/made-up-maker.js";

afterEach(() => vi.restoreAllMocks());

/** Lets every run of a size take the given milliseconds an image. */
async function chosenFor(msPerImage: Record<number, number>): Promise<{ tried: number[]; chosen: number }> {
  const size = new BatchSize();
  const tried: number[] = [];
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  while (size.isMeasuring) {
    const count = size.now;
    tried.push(count);
    const running = Promise.resolve().then(() => {
      clock += msPerImage[count] * count;
    });
    await size.measure(count, running);
  }
  return { tried, chosen: size.now };
}

describe("the batch size", () => {
  it("is what was fastest an image on the first batches, a larger one only when it gains", async () => {
    expect(await chosenFor({ 8: 5, 16: 3, 32: 4 })).toEqual({ tried: [8, 8, 16, 16, 32, 32], chosen: 16 });
    expect((await chosenFor({ 8: 3, 16: 2.95, 32: 2.92 })).chosen).toBe(8);
    expect((await chosenFor({ 8: 3, 16: 2.95, 32: 2 })).chosen).toBe(32);
  });

  it("is not judged by a batch that is not full", async () => {
    const size = new BatchSize();
    await size.measure(3, Promise.resolve());
    expect([size.now, size.isMeasuring]).toEqual([8, true]);
  });

  it("is the one asked for, from 1 to 4096", () => {
    expect([new BatchSize(5).now, new BatchSize(5).isMeasuring]).toEqual([5, false]);
    expect(() => new BatchSize(0)).toThrow("batchSize must be");
  });

  it("and the number of threads do not change the features by a bit", async () => {
    const images = ImageSet.fromImages(
      "noise",
      Array.from({ length: 120 }, (_, i) => noise(new Random(i), 20, 20)),
    );
    const found: Float32Array[] = [];
    for (const threads of [1, 2]) {
      const extractor = await loadExtractor("embedded", { threads });
      for (const batchSize of [undefined, 1, 7, 32]) {
        found.push((await extractor.extract(images, { batchSize })).data);
      }
      extractor.dispose();
    }
    for (const data of found.slice(1)) expect(data).toEqual(found[0]);
  });
});
