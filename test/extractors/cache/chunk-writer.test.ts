import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { setProgressListener } from "../../../src/core/progress.js";
import { readChunkList, readChunkRows } from "../../../src/extractors/cache/chunk.js";
import { ChunkWriter } from "../../../src/extractors/cache/chunk-writer.js";
import { CacheEntry, chunkNames } from "../../../src/extractors/cache/entry.js";
import { imageKeys } from "../../../src/extractors/cache/image-key.js";
import { MadeUpMaker, pictures } from "./made-up-maker.js";

const folder = mkdtempSync(join(tmpdir(), "dn2-chunks-"));
afterEach(() => {
  vi.restoreAllMocks();
  setProgressListener(undefined);
  rmSync(folder, { recursive: true, force: true });
});

test("rows are written when 256 wait, and when the first has waited for 10 seconds", async () => {
  setProgressListener(() => {});
  const images = pictures(260);
  const entry = new CacheEntry(folder, new MadeUpMaker());
  const writer = new ChunkWriter(entry, {
    images,
    keys: await imageKeys(images),
    positions: Int32Array.from({ length: 260 }, (_, i) => i),
  });
  const now = vi.spyOn(performance, "now").mockReturnValue(1000);
  const row = (i: number) => Float32Array.of(i, 2 * i, 3 * i);
  for (let i = 0; i < 255; i++) await writer.add(i, row(i));
  expect(await chunkNames(entry.folder)).toEqual([]);
  await writer.add(255, row(255));
  expect(await chunkNames(entry.folder)).toHaveLength(1);
  await writer.add(256, row(256));
  now.mockReturnValue(11_000);
  await writer.add(257, row(257));
  expect(await chunkNames(entry.folder)).toHaveLength(1);
  now.mockReturnValue(11_001);
  await writer.add(258, row(258));
  const names = await chunkNames(entry.folder);
  expect(names).toHaveLength(2);
  const lists = await Promise.all(names.map((name) => readChunkList(entry.folder, name)));
  const small = lists.find((list) => list.images.length === 3);
  expect(small).toMatchObject({ names: ["256", "257", "258"], set: "pictures 1" });
  const { name = "", sha256 = "" } = small ?? {};
  const rows = await readChunkRows(entry.folder, { name, sha256, rows: 3 }, 3);
  expect([...rows]).toEqual([256, 512, 768, 257, 514, 771, 258, 516, 774]);
});
