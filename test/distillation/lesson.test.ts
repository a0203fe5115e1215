import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { Aborted } from "../../src/core/errors.js";
import { setProgressListener } from "../../src/core/progress.js";
import { Random } from "../../src/core/random.js";
import { ImageSet } from "../../src/datasets/index.js";
import type { DistillationImages } from "../../src/distillation/own-extractor/images.js";
import { makeLesson } from "../../src/distillation/own-extractor/lesson.js";
import { planOf } from "../../src/distillation/own-extractor/options.js";
import { smoothTargets } from "../../src/distillation/smooth-targets.js";
import { wholeTargets } from "../../src/distillation/targets.js";
import { mirrored } from "../../src/distillation/teacher.js";
import { listCache, loadExtractor } from "../../src/extractors/index.js";
import { drawnImages } from "./drawn-images.js";

const folder = await mkdtemp(join(tmpdir(), "dn2-lesson-"));
const teacher = await loadExtractor("embedded");
const pixels = await loadExtractor("pixels", { inputSize: 4 });
const preparation = { ...teacher.preparation, resize: 16, crop: 16 };
beforeEach(() => setProgressListener(() => {}));
afterEach(() => setProgressListener(undefined));
afterAll(async () => {
  teacher.dispose();
  await rm(folder, { recursive: true, force: true });
});

const drawn = drawnImages(340);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const images: DistillationImages = {
  name: "drawn",
  train: drawn.subset(range(0, 300)),
  heldOut: drawn.subset(range(300, 340)),
  contentHash: "",
  notes: [],
};

async function lesson(
  cache: string,
  options: { mirror?: boolean; smoothing?: number; signal?: AbortSignal } = {},
  of = images,
) {
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  return {
    ...(await makeLesson(teacher, of, preparation, planOf({ smoothing: 0, ...options }), cache, note)),
    notes,
  };
}

describe("what a student learns", () => {
  test("comes from the cache where the teacher's features of the images are there: nothing is extracted again", async () => {
    const cache = join(folder, "extracted before");
    await teacher.extract(drawn, { cache, onCacheUse: () => {} });
    const before = await listCache(cache);
    const straight = await lesson(cache, { mirror: false });
    expect(straight.notes).toEqual([
      "embedded features of 300 of 300 images were in the cache",
      "embedded features of 40 of 40 images were in the cache",
    ]);
    expect((await listCache(cache)).map(({ images }) => images)).toEqual([340]);
    expect((await listCache(cache))[0].bytes).toBe(before[0].bytes);
    const first = await lesson(cache);
    expect(first.notes).toEqual(straight.notes);
    const second = await lesson(cache);
    expect(second.notes).toEqual([
      ...straight.notes,
      "embedded features of 300 of 300 images were in the cache",
    ]);
    expect((await listCache(cache)).map(({ images }) => images)).toEqual([640]);
    expect(second.data.targets).toEqual(first.data.targets);
  });

  test("are targets of the mean of an image's and its mirror picture's features, or of the image's alone", async () => {
    const cache = join(folder, "means");
    const [one, other] = [await teacher.extract(images.train), await teacher.extract(mirrored(images.train))];
    const mean = one.data.map((value, i) => (value + other.data[i]) / 2);
    const both = await lesson(cache);
    expect(both.data.targets).toEqual(wholeTargets(mean, teacher.dimensions));
    expect(both.bank.row(7)).toEqual(one.row(7));
    const alone = await lesson(cache, { mirror: false });
    expect(alone.data.targets).toEqual(wholeTargets(one.data.slice(), teacher.dimensions));
    expect(alone.unreadable).toEqual([]);
  });

  test("are targets moved towards those of the nearest images, where that is asked for", async () => {
    const cache = join(folder, "means");
    const plain = await lesson(cache, { mirror: false });
    const { data } = await lesson(cache, { mirror: false, smoothing: 3 });
    expect(data.targets).toEqual(
      await smoothTargets(plain.data.targets, new Random(0).fork("smoothing"), { neighbors: 3 }),
    );
    expect(data.targets.data).not.toEqual(plain.data.targets.data);
  });

  test("is taken up again where it was interrupted, at the last chunk written", async () => {
    const cache = join(folder, "interrupted");
    const controller = new AbortController();
    setProgressListener(({ label, done, total }) => {
      if (label.includes("extracting") && done > 270 && total === 300) controller.abort();
    });
    await expect(lesson(cache, { signal: controller.signal })).rejects.toThrow(Aborted);
    setProgressListener(() => {});
    const [entry] = await listCache(cache);
    expect(entry.images).toBeGreaterThan(256);
    const { notes, data } = await lesson(cache);
    expect(notes[0]).toBe(`embedded features of ${entry.images} of 300 images were in the cache`);
    expect(data.targets).toEqual((await lesson(join(folder, "whole"))).data.targets);
  });

  test("leaves out images that cannot be read and tells why, each time", async () => {
    const cache = join(folder, "unreadable");
    const broken = join(folder, "broken.png");
    await writeFile(broken, "no picture");
    const some = new ImageSet("some", {
      classNames: drawn.classNames,
      labels: images.train.labels,
      id: (i) => images.train.ids[i],
      source: (i) => (i === 12 ? { kind: "file", path: broken } : images.train.source(i)),
    });
    for (let time = 0; time < 2; time++) {
      const { data, bank, unreadable } = await lesson(cache, {}, { ...images, train: some });
      expect(unreadable).toEqual([expect.stringContaining("broken.png")]);
      expect([bank.n, data.targets.data.length]).toEqual([299, 299 * teacher.dimensions]);
    }
    expect((await readdir(cache)).length).toBe(1);
  });
});

describe("mirrored images", () => {
  test("give the features of the images turned left to right, under ids of their own", async () => {
    const four = drawnImages(4);
    const [straight, turned] = [await pixels.extract(four), await pixels.extract(mirrored(four))];
    const row = (data: Float32Array) => Array.from(data.subarray(0, 4));
    expect(row(turned.data)).toEqual(
      row(straight.data)
        .reverse()
        .map((value) => expect.closeTo(value, 2)),
    );
    expect(turned.ids[0]).toBe("image 0, mirrored");
    const back = await pixels.extract(mirrored(mirrored(four)));
    expect([...back.data]).toEqual([...straight.data]);
  });
});
