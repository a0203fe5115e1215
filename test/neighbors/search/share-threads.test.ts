import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.js";

/** As built: a thread cannot be started from TypeScript. */
const built = join(import.meta.dirname, "../../../dist/src");
let dn2: typeof import("../../../src/index.js");
let loadEngine: typeof import("../../../src/engines/index.js").loadEngine;
let searchThreads: typeof import("../../../src/neighbors/search/share-threads.js").searchThreads;
let train: InstanceType<typeof dn2.Features>;
let queries: InstanceType<typeof dn2.Features>;

const [n, m, d] = [11_000, 400, 501];

beforeAll(async () => {
  const load = (path: string) => import(pathToFileURL(join(built, path)).href);
  dn2 = await load("index.js");
  ({ loadEngine } = await load("engines/index.js"));
  ({ searchThreads } = await load("neighbors/search/share-threads.js"));
  dn2.setProgressListener(() => {});
  const random = new Random(4);
  const drawn = (rows: number, prefix: string) => {
    const data = new Float32Array(rows * d);
    for (let i = 0; i < rows; i++) {
      const kind = random.integer(20);
      for (let j = 0; j < d; j++) data[i * d + j] = ((kind * 31 + j * 7) % 11) + random.integer(3);
      if (i % 3 === 0) data.copyWithin(i * d, 0, d);
    }
    return new dn2.Features(
      data,
      d,
      Array.from({ length: rows }, (_, i) => `${prefix}${i}`),
    );
  };
  train = drawn(n, "t");
  queries = drawn(m, "q");
});
afterAll(() => dn2.setProgressListener(undefined));

describe("a search in threads", () => {
  it("gives the bytes of a search without, over several blocks of rows with many ties", async () => {
    expect(searchThreads()).toBeGreaterThan(0);
    const { matrix } = await loadEngine("onnxruntime-node");
    const alone = new dn2.NeighborIndex(train, { matrix });
    for (const k of [2, 40]) {
      const expected = await alone.search(queries, k, { method: "full" });
      for (const method of ["auto", "full", "pruned"] as const) {
        const found = await new dn2.NeighborIndex(train).search(queries, k, { method });
        expect(found.indices).toEqual(expected.indices);
        expect(found.distances).toEqual(expected.distances);
      }
    }
  }, 60_000);

  it("leaves images out that are searched for themselves, also in a file, two searches at once", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dn2-threads-"));
    const own = train.subset(Array.from({ length: m }, (_, i) => 20 * i + 1));
    const { matrix } = await loadEngine("onnxruntime-node");
    const expected = await new dn2.NeighborIndex(train, { matrix }).search(own, 3);
    const path = join(folder, "train.npy");
    await dn2.writeFeatures(path, train);
    const file = await dn2.FeatureFileIndex.open(path, { maxMemory: 130 * 1024 * 1024 });
    try {
      const both = await Promise.all([new dn2.NeighborIndex(train).search(own, 3), file.search(own, 3)]);
      for (const found of both) {
        expect(found.indices).toEqual(expected.indices);
        expect(found.distances).toEqual(expected.distances);
      }
    } finally {
      file.close();
      await rm(folder, { recursive: true });
    }
  }, 60_000);

  it("can be interrupted, after which another search works", async () => {
    const index = new dn2.NeighborIndex(train);
    const stop = new AbortController();
    dn2.setProgressListener(() => stop.abort());
    await expect(index.search(queries, 2, { signal: stop.signal })).rejects.toThrow("interrupted");
    dn2.setProgressListener(() => {});
    const table = await index.search(queries, 2);
    expect(table.distances.every((distance) => distance >= 0)).toBe(true);
  }, 60_000);
});
