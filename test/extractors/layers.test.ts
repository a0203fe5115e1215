import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setProgressListener } from "../../src/core/progress.js";
import { Random } from "../../src/core/random.js";
import { ImageSet } from "../../src/datasets/index.js";
import { syntheticDataSet } from "../../src/datasets/synthetic/synthetic-set.js";
import { type FeatureMap, loadExtractor } from "../../src/extractors/index.js";
import { NeighborIndex } from "../../src/neighbors/index.js";

beforeEach(() => setProgressListener(() => {}));
afterEach(() => setProgressListener(undefined));

const images = syntheticDataSet({ train: 2, testNormal: 0, testAnomaly: 0 }).train;

function unit(row: Float32Array): Float32Array {
  const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
  return row.map((x) => x / length);
}

describe("several layers", () => {
  it("are the features of each layer at unit length, one after the other", async () => {
    const [first, second] = await Promise.all(
      ["blocks.3", "blocks.5"].map(async (layer) =>
        (await loadExtractor("embedded", { layer })).extract(images),
      ),
    );
    const extractor = await loadExtractor("embedded", { layer: "blocks.3+blocks.5" });
    const both = await extractor.extract(images);
    expect(both.d).toBe(128 + 256);
    expect(extractor.dimensions).toBe(both.d);
    expect(both.provenance).toMatchObject({
      layer: "blocks.3+blocks.5",
      steps: ["each layer L2-normalised"],
    });
    for (let i = 0; i < images.length; i++) {
      const expected = [...unit(first.row(i)), ...unit(second.row(i))];
      expected.forEach((value, j) => void expect(both.row(i)[j]).toBeCloseTo(value, 5));
    }
    await expect(new NeighborIndex(first).search(both, 1)).rejects.toThrow(/must have 128 features/);
  });

  it("may be given as a list, in any order", async () => {
    const extractor = await loadExtractor("embedded", { layer: ["blocks.5", "stem"] });
    expect(extractor.provenance.layer).toBe("blocks.5+stem");
    expect((await extractor.extract(images)).d).toBe(288);
  });

  it("give maps on the places of the finest layer, each part at unit length", async () => {
    const extractor = await loadExtractor("embedded", { layer: "blocks.5+blocks.3" });
    const fine = (await (await loadExtractor("embedded", { layer: "blocks.3" })).extractMaps(images).next())
      .value;
    const coarse = (await (await loadExtractor("embedded", { layer: "blocks.5" })).extractMaps(images).next())
      .value;
    const map = (await extractor.extractMaps(images).next()).value;
    if (!map || !fine || !coarse) throw new Error("no map");
    expect(map.shape).toEqual([384, 8, 8]);
    const at = (data: Float32Array, from: number, count: number, size: number, place: number) =>
      Float32Array.from({ length: count }, (_, c) => data[(from + c) * size + place]);
    const corner = at(coarse.data, 0, 256, 16, 0);
    const toRight = at(coarse.data, 0, 256, 16, 1);
    const mixed = unit(corner.map((x, c) => 0.75 * x + 0.25 * toRight[c]));
    mixed.forEach((value, c) => void expect(map.data[c * 64 + 1]).toBeCloseTo(value, 5));
    for (const [row, column] of [
      [0, 0],
      [2, 4],
      [6, 6],
    ]) {
      const here = 8 * row + column;
      const own = unit(at(fine.data, 0, 128, 64, here));
      own.forEach((value, c) => void expect(map.data[(256 + c) * 64 + here]).toBeCloseTo(value, 5));
    }
  });

  it("show a change where it is: within half a cell of the finer layer", async () => {
    const extractor = await loadExtractor("embedded", { layer: "blocks.4+blocks.5", inputSize: 64 });
    const random = new Random(1);
    const picture = (spot?: readonly [x: number, y: number]) => {
      const noise = random.fork("noise");
      const data = Uint8Array.from({ length: 64 * 64 * 3 }, () => 110 + noise.integer(30));
      if (spot) {
        for (let y = spot[1] - 2; y <= spot[1] + 2; y++) {
          for (let x = spot[0] - 2; x <= spot[0] + 2; x++)
            data.fill(0, 3 * (64 * y + x), 3 * (64 * y + x) + 3);
        }
      }
      return { width: 64, height: 64, channels: 3, data } as const;
    };
    const spots = [20, 23, 26, 29, 32, 35, 38, 41, 44].map((x, i) => [x, 20 + ((7 * i) % 25)] as const);
    const pictures = ImageSet.fromImages("spots", [picture(), ...spots.map(picture)]);
    let plain: FeatureMap | undefined;
    let [right, down] = [0, 0];
    for await (const map of extractor.extractMaps(pictures)) {
      plain ??= map;
      if (map.index === 0) continue;
      const [channels, height, width] = map.shape;
      let [sum, x, y] = [0, 0, 0];
      for (let place = 0; place < height * width; place++) {
        let change = 0;
        for (let c = 0; c < channels; c++) {
          change += (map.data[c * height * width + place] - plain.data[c * height * width + place]) ** 2;
        }
        sum += change;
        x += change * ((((place % width) + 0.5) * 64) / width);
        y += change * (((Math.floor(place / width) + 0.5) * 64) / height);
      }
      right += (x / sum - spots[map.index - 1][0] - 0.5) / spots.length;
      down += (y / sum - spots[map.index - 1][1] - 0.5) / spots.length;
    }
    for (const offset of [right, down]) expect(Math.abs(offset)).toBeLessThan(0.5 * (64 / 16));
  });

  it("must be known and different", async () => {
    await expect(loadExtractor("embedded", { layer: "stem+nowhere" })).rejects.toThrow(
      /unknown layer.*nowhere/,
    );
    await expect(loadExtractor("embedded", { layer: "stem+stem" })).rejects.toThrow(
      /layers of embedded must be at least one and all different; got stem, stem/,
    );
    await expect(loadExtractor("embedded", { layer: [] })).rejects.toThrow(/got none/);
  });
});
