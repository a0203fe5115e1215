import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Aborted, DataError } from "../../src/core/errors.js";
import { setProgressListener } from "../../src/core/progress.js";
import { Random } from "../../src/core/random.js";
import { javascriptMatrix } from "../../src/engines/javascript-matrix.js";
import { Features, writeFeatures, writeNpy } from "../../src/extractors/index.js";
import { FeatureFileIndex, NeighborIndex } from "../../src/neighbors/index.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dn2-feature-file-"));
  setProgressListener(() => {});
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  setProgressListener(undefined);
});

const maxMemory = 16 * 1024 * 1024;

function drawn(n: number, d: number, prefix: string): Features {
  const random = new Random(prefix);
  const data = Float32Array.from({ length: n * d }, () => random.integer(4));
  return new Features(
    data,
    d,
    Array.from({ length: n }, (_, i) => `${prefix}${i}`),
  );
}

describe("FeatureFileIndex", () => {
  it("gives the bytes that the search in memory gives, over many blocks", async () => {
    const [train, queries] = [drawn(700, 2500, "t"), drawn(5, 2500, "q")];
    const path = join(folder, "many.npy");
    await writeFeatures(path, train);
    const index = await FeatureFileIndex.open(path, { maxMemory, matrix: javascriptMatrix });
    const memory = new NeighborIndex(train, { matrix: javascriptMatrix });
    for (const method of ["full", "pruned"] as const) {
      for (const k of [1, 40]) {
        const [expected, found] = [
          await memory.search(queries, k),
          await index.search(queries, k, { method }),
        ];
        expect(found.indices).toEqual(expected.indices);
        expect(found.distances).toEqual(expected.distances);
        expect(found.trainIds).toEqual(train.ids);
      }
    }
    const again = await index.search(train.subset([3]), 1);
    expect(again.indices[0]).not.toBe(3);
    expect(index.toString()).toBe(`FeatureFileIndex: 700 training images x 2500 in ${path}, exact`);
    index.close();
  });

  it("names rows by number where no list of files is beside", async () => {
    const path = join(folder, "plain.npy");
    await writeNpy(path, { shape: [3, 1], data: Float32Array.of(5, 1, 2) });
    const index = await FeatureFileIndex.open(path);
    const table = await index.search(Features.fromRows([[0]]), 2);
    expect(table.neighbors(0).map(({ id }) => id)).toEqual(["row 1", "row 2"]);
    index.close();
  });

  it("refuses files that hold something else, and features that are no numbers", async () => {
    const path = join(folder, "wrong.npy");
    await writeNpy(path, { shape: [2], data: Float32Array.of(5, 1) });
    await expect(FeatureFileIndex.open(path)).rejects.toThrow(
      "must hold n x d float32; it holds <f4 of shape (2)",
    );
    await writeNpy(path, { shape: [1, 1], data: Float64Array.of(5) });
    await expect(FeatureFileIndex.open(path)).rejects.toThrow(DataError);
    await writeNpy(path, { shape: [2, 2], data: Float32Array.of(5, 1, Number.NaN, 0) });
    await expect(FeatureFileIndex.open(path)).rejects.toThrow("finite numbers; feature 0 of row 1 is NaN");
    await writeNpy(path, { shape: [1, 2], data: Float32Array.of(5, 1) });
    await expect(FeatureFileIndex.open(path, { maxMemory: 1000 })).rejects.toThrow("maxMemory, in bytes,");
    writeFileSync(join(folder, "wrong.json"), "{");
    await expect(FeatureFileIndex.open(path)).rejects.toThrow("must be JSON as writeFeatures writes it");
    writeFileSync(join(folder, "wrong.json"), JSON.stringify({ files: ["a", "b"] }));
    await expect(FeatureFileIndex.open(path)).rejects.toThrow("must list 1 different files");
    await expect(FeatureFileIndex.open(join(folder, "none.npy"))).rejects.toThrow(DataError);
  });

  it("notices that the file was changed, and stops when it is interrupted", async () => {
    const path = join(folder, "changed.npy");
    await writeNpy(path, { shape: [3, 1], data: Float32Array.of(5, 1, 2) });
    const index = await FeatureFileIndex.open(path);
    utimesSync(path, 1, 1);
    await expect(index.search(Features.fromRows([[0]]), 1)).rejects.toThrow(
      "must not change while it is searched",
    );
    index.close();
    const controller = new AbortController();
    controller.abort();
    await expect(FeatureFileIndex.open(path, { signal: controller.signal })).rejects.toThrow(Aborted);
  });
});
