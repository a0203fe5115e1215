import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { ImageSet } from "../../src/datasets/index.js";
import { ownPixels } from "../../src/extractors/decode-threads.js";
import type { MaybePrepared } from "../../src/extractors/prepared-images.js";
import { encodePng, type Preparation } from "../../src/images/index.js";

const preparation: Preparation = {
  resize: 24,
  crop: 20,
  filter: "bilinear",
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
/** As built: a thread cannot be started from TypeScript. */
const built = join(import.meta.dirname, "../../dist/src/extractors");
let preparedImages: typeof import("../../src/extractors/prepared-images.js").preparedImages;
let folder = "";
let images: ImageSet;

function picture(width: number, height: number, seed: number) {
  const random = new Random(seed);
  const data = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
  return { width, height, channels: 3, data } as const;
}

beforeAll(async () => {
  ({ preparedImages } = await import(pathToFileURL(join(built, "prepared-images.js")).href));
  folder = await mkdtemp(join(tmpdir(), "dn2-prepared-"));
  const sources = Array.from({ length: 70 }, (_, i) => {
    const image = picture(30 + (i % 7), 25 + (i % 5), i);
    const path = join(folder, `${i}.png`);
    if (i === 11) writeFileSync(path, "no picture");
    else if (i !== 40) writeFileSync(path, encodePng(image));
    return i % 3 === 0
      ? ({ kind: "pixels", image, aspect: "stretch" } as const)
      : ({ kind: "file", path } as const);
  });
  images = new ImageSet("mixed", {
    classNames: [],
    labels: new Int32Array(sources.length).fill(-1),
    id: String,
    source(i) {
      if (i === 50) throw new RangeError("image 50 is not to be had");
      return sources[i];
    },
  });
});
afterAll(() => rm(folder, { recursive: true }));

async function all(options: object) {
  const list = [];
  for await (const one of preparedImages(images, [preparation], options)) list.push(one);
  return list;
}

describe("images prepared in threads", () => {
  test("sends a thread the pixels of one image, whatever kind of view on a data set they are", () => {
    const set = Uint8Array.from({ length: 3000 }, (_, i) => i);
    for (const view of [set.subarray(1200, 1212), Buffer.from(set.buffer, 1200, 12)]) {
      const image = { width: 2, height: 2, channels: 3, data: view } as const;
      const sent = ownPixels({ kind: "pixels", image });
      if (sent.kind !== "pixels") throw new Error("the source must stay one of pixels");
      expect([...sent.image.data]).toEqual([...set.subarray(1200, 1212)]);
      expect(sent.image.data.buffer.byteLength).toBe(12);
    }
  });

  test("are the same, in the same order, with the same reasons for the bad ones", async () => {
    const { canDecodeInThreads } = await import(pathToFileURL(join(built, "decode-threads.js")).href);
    expect(canDecodeInThreads()).toBe(true);
    const plain = await all({ threads: 0 });
    expect(plain.map(({ index }) => index)).toEqual(Array.from({ length: 70 }, (_, i) => i));
    const bad = plain.flatMap((one) => (one.images === undefined ? [`${one.index}: ${one.reason}`] : []));
    expect(bad).toHaveLength(3);
    expect(bad[0]).toMatch(/^11: cannot read .*11\.png: /);
    expect(bad[1]).toMatch(/^40: cannot read .*40\.png: there is no such file/);
    expect(bad[2]).toBe("50: image 50 is not to be had");
    expect(plain[3]).toMatchObject({ aspect: "stretch", images: [{ width: 20, height: 20 }] });
    for (const threads of [1, 3]) expect(await all({ threads })).toEqual(plain);
    expect(await all({ threads: 2, start: 30, end: 60 })).toEqual(plain.slice(30, 60));
    expect(await all({ threads: 2, start: 5, end: 5 })).toEqual([]);
  });

  test("end when their user stops early or is interrupted", async () => {
    const seen = [];
    for await (const { index } of preparedImages(images, [preparation], { threads: 2 })) {
      seen.push(index);
      if (index === 4) break;
    }
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    const controller = new AbortController();
    const work = (async () => {
      for await (const { index } of preparedImages(images, [preparation], {
        threads: 2,
        signal: controller.signal,
      })) {
        if (index === 2) controller.abort();
      }
    })();
    await expect(work).rejects.toThrow(/interrupted/);
  });

  test("are prepared by threads of another set before, which wait for more, as the set at hand demands", async () => {
    const { hasIdleThreads } = await import(pathToFileURL(join(built, "decode-threads.js")).href);
    await all({ threads: 2 });
    expect(hasIdleThreads()).toBe(true);
    const other: Preparation = { ...preparation, resize: 12, crop: 10, mean: [0.5, 0.5, 0.5] };
    const [plain, threaded] = [[], []] as MaybePrepared[][];
    const both = [other, { ...preparation, resize: 8, crop: 8 }];
    for await (const one of preparedImages(images, both, { threads: 0 })) plain.push(one);
    for await (const one of preparedImages(images, both, { threads: 2 })) threaded.push(one);
    expect(threaded).toEqual(plain);
    expect(threaded[0].images?.map(({ width }) => width)).toEqual([10, 8]);
    expect(hasIdleThreads()).toBe(true);
  });

  test("leave the pixels of the set as they are", async () => {
    const before = images.source(0);
    await all({ threads: 2 });
    expect(before.kind === "pixels" && before.image.data.length).toBe(30 * 25 * 3);
  });

  test("an error of the program is thrown, not counted as a bad image", async () => {
    const broken = { ...preparation, mean: undefined, resize: "x" } as unknown as Preparation;
    const wrong = { ...preparation, filter: () => {} } as unknown as Preparation;
    await expect(async () => {
      for await (const _ of preparedImages(images, [wrong], { threads: 1 }));
    }).rejects.toThrow(/could not be cloned/);
    expect((await firstOf(broken, 0)).images).toBeUndefined();
    expect(await firstOf(broken, 1)).toEqual(await firstOf(broken, 0));
  });
});

async function firstOf(wrong: Preparation, threads: number) {
  for await (const one of preparedImages(images, [wrong], { threads })) return one;
  throw new Error("the set is empty");
}
