import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Aborted } from "../../src/core/errors.js";
import { ImageSet } from "../../src/datasets/index.js";
import { keptFeatures } from "../../src/distillation/own-extractor/teacher-features.js";
import { mirrored } from "../../src/distillation/teacher.js";
import { loadExtractor } from "../../src/extractors/index.js";
import { drawnImages } from "./drawn-images.js";

const folder = await mkdtemp(join(tmpdir(), "dn2-teacher-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const pixels = await loadExtractor("pixels", { inputSize: 4 });

/** 2,100 images, one of which is a file that is not there. */
function manyImages(): ImageSet {
  const drawn = drawnImages(30);
  return new ImageSet("many", {
    classNames: [],
    labels: new Int32Array(2100).fill(-1),
    id: (i) => `image ${i}`,
    source: (i) => (i === 1234 ? { kind: "file", path: join(folder, "gone.png") } : drawn.source(i % 30)),
  });
}

describe("the features of a teacher", () => {
  test("are kept a thousand images at a time, and taken up again after an interruption", async () => {
    const images = manyImages();
    const notes: string[] = [];
    const controller = new AbortController();
    const options = { folder: join(folder, "kept"), contentHash: "abc" };
    const note = (text: string) => {
      notes.push(text);
      controller.abort();
    };
    const stopped = keptFeatures(pixels, images, { ...options, note, signal: controller.signal });
    await expect(stopped).rejects.toThrow(Aborted);
    expect(notes).toEqual(["pixels has seen 1000 of 2100 images"]);
    const kept = (await readdir(options.folder)).filter((name) => name.endsWith(".npy"));
    expect(kept).toHaveLength(1);
    const { features, bad } = await keptFeatures(pixels, images, { ...options, note: () => {} });
    expect([features.n, features.images?.length]).toEqual([2099, 2099]);
    expect(bad.map(({ id }) => id)).toEqual(["image 1234"]);
    const whole = await pixels.extract(images, { onBadImage: () => {} });
    expect(features.ids).toEqual(whole.ids);
    expect(Buffer.from(features.data.buffer).equals(Buffer.from(whole.data.buffer))).toBe(true);
    expect(await readdir(options.folder)).toHaveLength(6);
  });

  test("of mirrored images are those of the images turned left to right, under ids of their own", async () => {
    const images = drawnImages(4);
    const [straight, turned] = [await pixels.extract(images), await pixels.extract(mirrored(images))];
    const row = (data: Float32Array) => Array.from(data.subarray(0, 4));
    expect(row(turned.data)).toEqual(
      row(straight.data)
        .reverse()
        .map((value) => expect.closeTo(value, 2)),
    );
    expect(turned.ids[0]).toBe("image 0, mirrored");
    const back = await pixels.extract(mirrored(mirrored(images)));
    expect([...back.data]).toEqual([...straight.data]);
  });
});
