import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setProgressListener } from "../../src/core/progress.js";
import { Random } from "../../src/core/random.js";
import { ImageSet, readFolder } from "../../src/datasets/index.js";
import { type BadImage, loadExtractor } from "../../src/extractors/index.js";
import { encodePng } from "../../src/images/index.js";
import { loadWeights, networkNamed, writeSafetensors } from "../../src/networks/index.js";

function noise(width: number, height: number, seed: number) {
  const random = new Random(seed);
  const data = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
  return { width, height, channels: 3, data } as const;
}

beforeEach(() => setProgressListener(() => {}));
afterEach(() => setProgressListener(undefined));

describe("an extractor", () => {
  it("gives the pixels themselves, in [0, 1], planes one after the other, when it has no network", async () => {
    const extractor = await loadExtractor("pixels", { inputSize: 2 });
    const image = {
      width: 2,
      height: 2,
      channels: 3,
      data: Uint8Array.of(0, 51, 255, 0, 102, 255, 0, 153, 255, 0, 204, 255),
    } as const;
    const features = await extractor.extract(ImageSet.fromImages("two by two", [image], { ids: ["a"] }));
    expect(features.n).toBe(1);
    expect(features.d).toBe(12);
    const expected = [0, 0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1];
    for (const [j, value] of features.data.entries()) expect(value).toBeCloseTo(expected[j], 6);
    expect(features.provenance).toMatchObject({ extractor: "pixels", engine: "none" });
  });

  it("gives each image the same features in any batch and order", async () => {
    const extractor = await loadExtractor("embedded");
    const images = ImageSet.fromImages(
      "noise",
      [1, 2, 3, 4, 5].map((seed) => noise(40, 30, seed)),
    );
    const together = await extractor.extract(images, { batchSize: 4 });
    const reversed = await extractor.extract(images.subset([4, 3, 2, 1, 0]), { batchSize: 1 });
    expect(reversed.ids).toEqual(["4", "3", "2", "1", "0"]);
    for (let i = 0; i < 5; i++) {
      const [a, b] = [together.row(i), reversed.row(4 - i)];
      for (let j = 0; j < a.length; j++) expect(Math.abs(a[j] - b[j])).toBeLessThan(1e-4);
    }
    extractor.dispose();
  });

  it("takes the weights of a file that is named", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dn2-extractor-"));
    const weights = join(folder, "own.safetensors");
    const network = networkNamed("embedded");
    const { weights: own } = await loadWeights(network);
    const doubled = new Map(
      [...own].map(([name, { shape, data }]) => [name, { shape, data: data.map((x) => 2 * x) }]),
    );
    await writeSafetensors(weights, doubled);
    const images = ImageSet.fromImages("noise", [noise(32, 32, 1)]);
    const rows: Float32Array[] = [];
    const hashes = new Set<string | undefined>();
    for (const options of [{}, { weights }]) {
      const extractor = await loadExtractor("embedded", options);
      const features = await extractor.extract(images);
      rows.push(features.row(0));
      hashes.add(features.provenance.weightsHash);
      extractor.dispose();
    }
    expect(rows[1]).not.toEqual(rows[0]);
    expect(hashes.size).toBe(2);
    await expect(loadExtractor("resnet18", { weights })).rejects.toThrow(
      /the tensors must be those of resnet18/,
    );
    await expect(loadExtractor("pixels", { weights })).rejects.toThrow(
      /has no network, so weights must not be given/,
    );
    await rm(folder, { recursive: true });
  });

  it("gives the maps whose averages are the features, in any batch, leaving out bad images", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dn2-maps-"));
    for (const i of [0, 1, 2, 3, 4]) await writeFile(join(folder, `${i}.png`), encodePng(noise(40, 44, i)));
    await writeFile(join(folder, "3.png"), "no picture");
    const { images } = await readFolder(folder);
    const extractor = await loadExtractor("embedded", { layer: "blocks.2", inputSize: 48 });
    const bad: BadImage[] = [];
    const features = await extractor.extract(images, { onBadImage: () => {} });
    for (const batchSize of [1, 2, 16]) {
      const ids: string[] = [];
      for await (const { id, index, shape, data } of extractor.extractMaps(images, {
        batchSize,
        onBadImage: (image) => bad.push(image),
      })) {
        expect(shape).toEqual([64, 24, 24]);
        expect(images.ids[index]).toBe(id);
        const row = features.row(ids.length);
        for (const c of [0, 31, 63]) {
          const sum = data.subarray(c * 576, (c + 1) * 576).reduce((total, x) => total + x, 0);
          expect(Math.abs(sum / 576 - row[c])).toBeLessThan(1e-4);
        }
        ids.push(id);
      }
      expect(ids).toEqual(features.ids);
    }
    expect(bad.map(({ id }) => id)).toEqual(["3.png", "3.png", "3.png"]);
    for await (const { index } of extractor.extractMaps(images, { batchSize: 1, onBadImage: () => {} })) {
      if (index === 1) break;
    }
    await expect(extractor.extractMaps(images, { batch: 1 } as object).next()).rejects.toThrow(
      "extractMaps: unknown option batch; valid options are batchSize, onBadImage, signal",
    );
    extractor.dispose();
    const pixels = await loadExtractor("pixels", { inputSize: 2 });
    const map = await pixels.extractMaps(ImageSet.fromImages("one", [noise(2, 2, 1)])).next();
    expect(map.value?.shape).toEqual([3, 2, 2]);
    await rm(folder, { recursive: true });
  });

  it("gives different images different features", async () => {
    const extractor = await loadExtractor("embedded");
    const features = await extractor.extract(
      ImageSet.fromImages("noise", [noise(32, 32, 1), noise(32, 32, 2)]),
    );
    expect(features.row(0)).not.toEqual(features.row(1));
    extractor.dispose();
  });

  it("keeps the good images of a folder and reports every bad one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dn2-extract-"));
    try {
      await writeFile(join(folder, "good-1.png"), encodePng(noise(20, 20, 1)));
      await writeFile(join(folder, "bad.png"), "no picture");
      await writeFile(join(folder, "empty.png"), "");
      await writeFile(join(folder, "good-2.png"), encodePng(noise(20, 20, 2)));
      const bad: BadImage[] = [];
      const extractor = await loadExtractor("pixels");
      const { images } = await readFolder(folder);
      const features = await extractor.extract(images, { onBadImage: (image) => bad.push(image) });
      expect(features.ids).toEqual(["good-1.png", "good-2.png"]);
      expect(features.images?.ids).toEqual(["good-1.png", "good-2.png"]);
      expect(bad.map(({ id }) => id)).toEqual(["bad.png", "empty.png"]);
      for (const { id, reason } of bad) expect(reason).toContain(id);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("refuses a set without a readable image, an unknown option, layer, size and name", async () => {
    const extractor = await loadExtractor("pixels");
    await expect(extractor.extract(ImageSet.fromImages("nothing", []))).rejects.toThrow(
      "at least one readable image is needed; nothing has none",
    );
    await expect(
      extractor.extract(ImageSet.fromImages("nothing", []), { batch: 3 } as never),
    ).rejects.toThrow("unknown option batch");
    await expect(loadExtractor("resnet1")).rejects.toThrow(
      /unknown extractor: resnet1; choose from embedded/,
    );
    await expect(loadExtractor("embedded", { layer: "block99" })).rejects.toThrow(
      /unknown layer of embedded: block99/,
    );
    await expect(loadExtractor("embedded", { inputSize: 2 })).rejects.toThrow(
      /input size of embedded must be/,
    );
    await expect(loadExtractor("pixels", { layer: "stem" })).rejects.toThrow(/pixels has no network/);
  });

  it("stops between batches when it is interrupted", async () => {
    const interrupt = new AbortController();
    const extractor = await loadExtractor("pixels");
    const images = ImageSet.fromImages(
      "noise",
      [1, 2, 3].map((seed) => noise(8, 8, seed)),
    );
    let seen = 0;
    setProgressListener(({ done }) => {
      seen = Math.max(seen, done);
      if (done > 0) interrupt.abort();
    });
    await expect(extractor.extract(images, { batchSize: 1, signal: interrupt.signal })).rejects.toThrow(
      /interrupted/,
    );
    expect(seen).toBeLessThan(3);
  });
});
