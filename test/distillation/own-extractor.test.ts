import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Aborted } from "../../src/core/errors.js";
import { ImageSet } from "../../src/datasets/index.js";
import {
  type DistillExtractorOptions,
  distillExtractor,
} from "../../src/distillation/own-extractor/index.js";
import { advice } from "../../src/distillation/own-extractor/report.js";
import { loadExtractor, readExtractorFile } from "../../src/extractors/index.js";
import { drawnImages } from "./drawn-images.js";
import { tensorflow } from "./tensorflow.js";

const folder = await mkdtemp(join(tmpdir(), "dn2-own-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The teacher is the image itself, so that no network but the student costs time. */
const options: DistillExtractorOptions = {
  teacher: "pixels",
  teacherInputSize: 8,
  inputSize: 16,
  epochs: 2,
  seed: 5,
  cache: join(folder, "cache"),
  onNote: () => {},
};

const images = drawnImages(60);
const output = (name: string) => join(folder, name);
const bytesOf = (name: string) => readFile(output(`${name}.safetensors`));

describe.skipIf(!tensorflow)("an extractor distilled from images without labels", async () => {
  const seen: number[] = [];
  const distilled = tensorflow
    ? await distillExtractor(images, {
        ...options,
        output: output("whole"),
        onEpoch: ({ epoch }) => void seen.push(epoch),
      })
    : undefined;

  test("is a file that loadExtractor takes by its path, with and without the ending", async () => {
    const { content, path } = distilled!;
    expect(path).toBe(output("whole.safetensors"));
    for (const name of [path, output("whole")]) {
      const extractor = await loadExtractor(name);
      expect(extractor.provenance).toMatchObject({
        extractor: "whole",
        layer: "blocks.5",
        weightsHash: content.extractor.sha256,
        preparation: "rgb8 / shorter side 16 bilinear / centre crop 16 / mean 0.5 0.5 0.5 / std 0.5 0.5 0.5",
      });
      const features = await extractor.extract(images);
      expect([features.n, features.d]).toEqual([60, 256]);
      expect(new Set(features.data).size).toBeGreaterThan(1000);
      extractor.dispose();
    }
  });

  test("has moved away from the weights it started from", async () => {
    const own = await readExtractorFile(distilled!.path);
    const start = await loadExtractor("embedded");
    expect(own.hash).not.toBe(start.provenance.weightsHash);
    expect(own.network.weights.source).toBe("distilled from pixels on drawn, 4 of 4 epochs");
    start.dispose();
  });

  test("has a curve of all epochs, which tell what they measured, and a report against teacher and start", async () => {
    const { curve, report, finished, unreadable } = distilled!.content;
    expect([finished, unreadable]).toEqual([true, 0]);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(curve.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4]);
    expect(curve.slice(1).every(({ loss }) => loss! > 0)).toBe(true);
    expect(report!.bank + report!.heldOut).toBe(60);
    expect(report!.rows.map(({ name }) => name)).toEqual(["pixels", "whole", "embedded"]);
    const [teacher, own] = report!.rows;
    expect([teacher.neighborOverlap, teacher.rankCorrelation]).toEqual([1, 1]);
    expect(own.rankCorrelation).toBeLessThan(1);
    expect(own.imagesPerSecond).toBeGreaterThan(0);
    expect(report!.classes).toEqual(["dark", "light"]);
    expect(own.interval![0]).toBeLessThanOrEqual(own.rocAuc!);
    expect(report!.lessTeacher!.difference).toBeCloseTo(own.rocAuc! - teacher.rocAuc!, 5);
    expect(JSON.parse(await readFile(output("whole.json"), "utf8")).report).toEqual(
      JSON.parse(JSON.stringify(report)),
    );
    expect(existsSync(output("whole.training"))).toBe(false);
    expect(distilled!.toTable()).toContain("new: whole");
  });

  test("interrupted within an epoch can be used, and goes on to the bytes of an unbroken run", async () => {
    const controller = new AbortController();
    const stopped = distillExtractor(images, {
      ...options,
      output: output("stopped"),
      signal: controller.signal,
      onEpoch: ({ epoch }) => {
        if (epoch === 2) controller.abort();
      },
    });
    await expect(stopped).rejects.toThrow(Aborted);
    await expect(stopped).rejects.toThrow(/holds what was learned until epoch 2 and can be used/);
    const usable = await loadExtractor(output("stopped"));
    expect(usable.dimensions).toBe(256);
    usable.dispose();
    const notes: string[] = [];
    const resumed = await distillExtractor(images, {
      ...options,
      output: output("stopped"),
      onNote: (note) => void notes.push(note),
    });
    expect(notes).toContain("going on in epoch 3 of 4");
    const withoutTime = ({ content }: typeof resumed) => content.curve;
    expect(withoutTime(resumed)).toEqual(withoutTime(distilled!));
    expect((await bytesOf("stopped")).equals(await bytesOf("whole"))).toBe(true);
  });

  test("is not trained again by the same call, and never overwritten by another", async () => {
    const notes: string[] = [];
    const call = (other: DistillExtractorOptions) =>
      distillExtractor(images, { ...options, output: output("whole"), ...other });
    const again = await call({ onNote: (note) => void notes.push(note) });
    expect(notes.at(-1)).toBe("whole is finished; nothing to do");
    expect(again.content).toEqual(JSON.parse(JSON.stringify(distilled!.content)));
    const before = await bytesOf("whole");
    await expect(call({ seed: 6, epochs: 3 })).rejects.toThrow(
      /whole\.json must be of the same distillation \(epochs: 2, asked for 3; seed: 5, asked for 6\)/,
    );
    expect((await bytesOf("whole")).equals(before)).toBe(true);
    await writeFile(output("mine.json"), "{}");
    await expect(distillExtractor(images, { ...options, output: output("mine") })).rejects.toThrow(
      "must be what an earlier distillation wrote; it is something else",
    );
    await writeFile(output("other.safetensors"), "mine");
    await expect(distillExtractor(images, { ...options, output: output("other") })).rejects.toThrow(
      "name another output",
    );
    expect(await readFile(output("other.safetensors"), "utf8")).toBe("mine");
  });

  test("asked for twice at once is trained once: the second call waits for the first", async () => {
    const notes: string[] = [];
    const call = () =>
      distillExtractor(images, {
        ...options,
        epochs: 1,
        output: output("twice"),
        onNote: (note) => void notes.push(note),
      });
    const [first, second] = await Promise.all([call(), call()]);
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(notes.filter((note) => note === "twice is finished; nothing to do")).toHaveLength(1);
    expect(notes.join()).toContain("trains twice; waiting for it");
  });

  test("of images without classes is measured without ROCAUC, which the report says", async () => {
    const plain = drawnImages(40).subset(Array.from({ length: 40 }, (_, i) => i));
    const unlabelled = new ImageSet("plain", {
      classNames: [],
      labels: new Int32Array(40).fill(-1),
      id: (i) => plain.ids[i],
      source: (i) => plain.source(i),
    });
    const { content } = await distillExtractor(unlabelled, {
      ...options,
      epochs: 1,
      from: "scratch",
      mirror: false,
      output: output("plain"),
    });
    expect(content.report!.rows[1].rocAuc).toBeUndefined();
    expect(content.report!.notes.join()).toContain("no ROCAUC is measured");
    expect(content.curve[0].epoch).toBe(1);
  });

  test.each<[object, string]>([
    [{ epoch: 3 }, "distillExtractor: unknown option epoch"],
    [{ epochs: 0 }, "epochs must be an integer from 1 to 100000; got 0"],
    [{ inputSize: 8 }, "inputSize must be an integer from 16 to 512 (pixels); got 8"],
    [{ from: "imagenet" }, "unknown start: imagenet"],
    [{ mirror: 1 }, "mirror must be true or false; got 1"],
    [{ smoothing: 16 }, "smoothing must be an integer from 0 to 15 (nearest images); got 16"],
    [{ cache: 1 }, "cache must be true, false or a folder; got 1"],
    [{ teacher: "nowhere" }, "unknown extractor: nowhere; choose from"],
  ])("is refused with options %j", async (wrong, sentence) => {
    const asked = { ...options, output: output("refused"), ...wrong };
    await expect(distillExtractor(images, asked)).rejects.toThrow(sentence);
    expect(existsSync(output("refused.json"))).toBe(false);
  });

  test("that is worse than the package's own is not recommended", () => {
    const [low, high] = [0.2, 0.6].map((value) => ({ neighborOverlap: value, rankCorrelation: value }));
    const less = { difference: -0.05, low: -0.08, high: -0.02, standardError: 0.015, level: 0.95 };
    expect(advice(high, low, less)).toEqual([
      "the package's own extractor is the better one for these images: take that, or give more images or epochs",
    ]);
    expect(advice(low, high, { ...less, high: 0.01 })).toEqual([]);
    expect(advice(low, high, undefined).join()).toContain("agrees more with the teacher than the new one");
    expect(advice(high, low, undefined)).toEqual([]);
  });

  test("is refused of too few images", async () => {
    await expect(distillExtractor(images.first(10), options)).rejects.toThrow(
      "distillation needs at least 20 images to learn from and 3 to hold out; drawn has 8 and 2",
    );
  });
});
