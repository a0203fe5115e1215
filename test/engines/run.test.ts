import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { type Engine, engineNames, loadEngine } from "../../src/engines/index.js";
import { embedded } from "../../src/networks/index.js";
import { randomWeights } from "../helpers/random-weights.js";

const weights = randomWeights(embedded, new Random("run"));

describe.each(engineNames)("%s", (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine(name);
  });

  test("without outputs named, the pooled feature layer comes", async () => {
    const compiled = await engine.compile(embedded, weights);
    const [{ layer, shape }] = await compiled.run(new Float32Array(3 * 8 * 9), [1, 3, 8, 9]);
    expect([layer, [...shape]]).toEqual(["blocks.5", [1, 256]]);
    compiled.dispose();
  });

  test("results are the caller's to keep, images of a batch do not mix", async () => {
    const compiled = await engine.compile(embedded, weights);
    const random = new Random(5);
    const images = [0, 1, 2].map(() => Float32Array.from({ length: 3 * 64 }, () => random.normal()));
    const single = [];
    for (const image of images) single.push((await compiled.run(image, [1, 3, 8, 8]))[0].data);
    const batch = Float32Array.from(images.flatMap((image) => [...image]));
    const [{ data }] = await compiled.run(batch, [3, 3, 8, 8]);
    single.forEach((feature, i) => {
      for (const [j, x] of feature.entries()) expect(data[i * 256 + j]).toBeCloseTo(x, 3);
    });
    compiled.dispose();
  });

  test("runs that overlap give what they give alone", async () => {
    const compiled = await engine.compile(embedded, weights);
    const input = Float32Array.from({ length: 3 * 256 }, (_, i) => Math.sin(i));
    const other = Float32Array.from({ length: 3 * 256 }, (_, i) => Math.cos(3 * i));
    const [alone] = await compiled.run(input, [1, 3, 16, 16]);
    const [[first], , [last]] = await Promise.all(
      [input, other, input].map((x) => compiled.run(x, [1, 3, 16, 16])),
    );
    expect([...first.data]).toEqual([...alone.data]);
    expect([...last.data]).toEqual([...alone.data]);
    compiled.dispose();
  });

  test("a network may be disposed of twice and does not run any more", async () => {
    const compiled = await engine.compile(embedded, weights);
    compiled.dispose();
    compiled.dispose();
    await expect(compiled.run(new Float32Array(3 * 64), [1, 3, 8, 8])).rejects.toThrow("compile it again");
  });

  test("input that does not fit is refused", async () => {
    const compiled = await engine.compile(embedded, weights);
    const input = new Float32Array(3 * 64);
    await expect(compiled.run(input, [1, 3, 8, 7])).rejects.toThrow(
      "the input of embedded must be at least 8 x 8 pixels; got 7 x 8, so resize the images first",
    );
    await expect(compiled.run(input, [2, 3, 8, 8])).rejects.toThrow(
      "an input of 2 x 3 x 8 x 8 must have 384 numbers; got 192",
    );
    await expect(compiled.run(input, [1, 1, 8, 24])).rejects.toThrow("must be batch x 3 x height x width");
    await expect(compiled.run(input, [0, 3, 8, 8])).rejects.toThrow(RangeError);
    compiled.dispose();
  });

  test("unknown layers and options are refused", async () => {
    const compile = (options: object) => engine.compile(embedded, weights, options);
    await expect(compile({ outputs: [{ layer: "fc", pooled: true }] })).rejects.toThrow(
      "unknown layer of embedded: fc; choose from stem",
    );
    await expect(compile({ output: [] })).rejects.toThrow("valid options are device, outputs, threads");
    await expect(compile({ outputs: [] })).rejects.toThrow("at least one layer");
    await expect(compile({ threads: 0 })).rejects.toThrow("threads must be an integer from 1 to 1024; got 0");
  });
});

test("TensorFlow.js keeps no tensor of a run and none after dispose", async () => {
  for (const name of ["tfjs-node", "tfjs-wasm"]) {
    const engine = await loadEngine(name);
    const before = tf.memory().numTensors;
    const compiled = await engine.compile(embedded, weights, {
      outputs: [
        { layer: "stem", pooled: false },
        { layer: "blocks.0", pooled: true },
        { layer: "blocks.0", pooled: false },
      ],
    });
    const held = tf.memory().numTensors;
    for (let i = 8; i < 12; i++) await compiled.run(new Float32Array(3 * i * i), [1, 3, i, i]);
    expect(tf.memory().numTensors).toBe(held);
    compiled.dispose();
    const rows = engine.matrix.loadRows(new Float32Array(6), 3, 2);
    await rows.products(new Float32Array(8), 4);
    rows.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }
});
