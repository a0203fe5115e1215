import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, expect, test } from "vitest";
import { setProgressListener } from "../../../src/core/progress.js";
import { ImageSet } from "../../../src/datasets/index.js";
import { FeatureCache } from "../../../src/extractors/cache/feature-cache.js";
import { MadeUpMaker } from "./made-up-maker.js";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");
setFlagsFromString("--no-expose-gc");

const folder = mkdtempSync(join(tmpdir(), "dn2-memory-"));
setProgressListener(() => {});
afterAll(() => {
  setProgressListener(undefined);
  rmSync(folder, { recursive: true });
});

/** Pictures that are made when they are asked for. */
function drawn(count: number): ImageSet {
  return new ImageSet("drawn", {
    classNames: [],
    labels: new Int32Array(count).fill(-1),
    id: (i) => `${i}`,
    source: (i) => {
      const data = Uint8Array.of(i & 255, (i >> 8) & 255, i >> 16);
      return { kind: "pixels", image: { width: 1, height: 1, channels: 3, data } };
    },
  });
}

/** Bytes in use in the middle of the extraction of so many images, and after it. */
async function inUse(count: number): Promise<{ middle: number; end: number }> {
  const bytes = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const maker = new MadeUpMaker();
  maker.ran.push = () => 0;
  let middle = Number.POSITIVE_INFINITY;
  maker.beforeBatch = (first) => {
    // the least of some batches: at others rows may wait to be written
    if (first >= count / 2 && first < 0.7 * count) middle = Math.min(middle, bytes());
  };
  const images = drawn(count);
  const { copy } = await new FeatureCache(join(folder, String(count))).store(maker, images, {
    batchSize: 256,
  });
  const end = bytes();
  await copy(() => {});
  expect(images.ids).toHaveLength(count);
  return { middle, end };
}

test("of an image no more than its name and 200 bytes are kept, during the extraction and after it", async () => {
  await inUse(1_000);
  const [few, many] = [await inUse(2_000), await inUse(20_000)];
  const each = (state: "middle" | "end") => (many[state] - few[state]) / 18_000;
  expect(each("middle")).toBeLessThan(200);
  expect(each("end")).toBeLessThan(200);
}, 120_000);
