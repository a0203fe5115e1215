import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Aborted } from "../../src/core/errors.js";
import { setProgressListener } from "../../src/core/progress.js";
import { Random } from "../../src/core/random.js";
import { type DistillationOptions, distill, Student, startStudent } from "../../src/distillation/index.js";
import { loadEngine } from "../../src/engines/index.js";
import {
  add,
  bindWeights,
  conv,
  encodeSafetensors,
  type Network,
  networkInput,
  readSafetensors,
  splitByInputSize,
  type Weights,
  weightsAtInputSize,
} from "../../src/networks/index.js";
import { tensorflow } from "./tensorflow.js";

const network: Network = {
  name: "tiny",
  layers: [
    conv("stem", networkInput, { filters: 4, kernel: 3, padding: 1, activation: "relu" }),
    conv("conv1", "stem", { filters: 6, kernel: 3, stride: 2, padding: 1, activation: "relu" }),
    conv("conv2", "conv1", { filters: 6, kernel: 3, padding: 1 }),
    conv("shortcut", "stem", { filters: 6, kernel: 1, stride: 2 }),
    add("block", ["conv2", "shortcut"], "relu"),
  ],
  aliases: {},
  featureLayer: "block",
  minSize: 8,
  preparation: { resize: 8, crop: 8, filter: "bilinear", mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  weights: { file: "tiny.safetensors", source: "this test", licence: "Apache-2.0", bundled: false },
};

/** Images of a few flat colours with noise; the target is the colour. */
function data(n = 48) {
  const random = new Random(7);
  const images = { size: 8, data: new Uint8Array(n * 192) };
  const targets = { size: 3, keptVariance: 1, data: new Float32Array(n * 3) };
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < 3; c++) {
      const level = random.integer(200);
      targets.data[i * 3 + c] = level / 60 - 1.7;
      for (let p = 0; p < 64; p++) images.data[i * 192 + p * 3 + c] = level + random.integer(40);
    }
  }
  return { images, targets };
}

const options: DistillationOptions = {
  seed: 3,
  epochs: 4,
  batchSize: 8,
  peakRate: 0.02,
  shift: 2,
  averaging: 0.5,
  largerInputs: [{ size: 12, share: 0.2, batchSize: 4 }],
  settlingEpochs: 2,
  settlingRate: 0.002,
  settlingInputs: [{ size: 16, share: 0.3, batchSize: 4 }],
  statisticsImages: 32,
};

const bytes = (weights: Parameters<typeof encodeSafetensors>[0]) => Buffer.from(encodeSafetensors(weights));

describe.skipIf(!tensorflow)("a student", () => {
  test("exported gives the features it had in training, with the statistics of the same batch", async () => {
    const tf = tensorflow!;
    const student = new Student(tf, network, 3);
    const random = new Random(2);
    const values = student.initial(random).map((v) => v + 0.1 * random.normal());
    const parameters = tf.tensor1d(values);
    const input = Float32Array.from({ length: 8 * 192 }, () => random.normal());
    const batch = tf
      .tensor4d(input, [8, 3, 8, 8])
      .transpose<import("@tensorflow/tfjs").Tensor4D>([0, 2, 3, 1]);
    const inTraining = student.features(parameters, batch).dataSync();
    const weights = bindWeights(network, student.fold(values, student.statistics(parameters, [batch])));
    const compiled = await (await loadEngine("tfjs-node")).compile(network, weights);
    const [output] = await compiled.run(input, [8, 3, 8, 8]);
    compiled.dispose();
    expect(output.data.length).toBe(inTraining.length);
    for (const [i, value] of output.data.entries())
      expect(Math.abs(value - inTraining[i])).toBeLessThan(1e-4);
  });

  test("that starts from weights computes what the network computes with them", async () => {
    const tf = tensorflow!;
    const student = new Student(tf, network, 3);
    const random = new Random(4);
    const values = student.initial(random).map((v) => v + 0.1 * random.normal());
    const batch = () =>
      tf.tensor4d(
        Float32Array.from({ length: 8 * 192 }, (_, i) => Math.sin(i)),
        [8, 8, 8, 3],
      );
    const parameters = tf.tensor1d(values);
    const weights = student.fold(values, student.statistics(parameters, [batch()]));
    const tensors = tf.memory().numTensors;
    const started = startStudent(student, weights, [batch()], random);
    expect(tf.memory().numTensors).toBe(tensors);
    const again = student.fold(started, student.statistics(tf.tensor1d(started), [batch()]));
    for (const [name, { data }] of weights) {
      for (const [i, value] of again.get(name)!.data.entries())
        expect(Math.abs(value - data[i])).toBeLessThan(1e-4);
    }
  });

  test("of a network with a layer that cannot be trained is refused, naming the layer", () => {
    const layers = [conv("only", networkInput, { filters: 3, kernel: 3, groups: 3 })];
    expect(() => new Student(tensorflow!, { ...network, layers, featureLayer: "only" }, 3)).toThrow(
      "layer only",
    );
  });
});

describe.skipIf(!tensorflow)("distillation", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dn2-distill-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const whole = tensorflow ? await distill(tensorflow, network, data(), options) : undefined;

  test("lowers the loss from epoch to epoch and moves every weight", () => {
    const losses = whole!.curve.map(({ loss }) => loss);
    expect(losses).toHaveLength(6);
    expect(losses[3]).toBeLessThan(0.5 * losses[0]);
    expect(losses[5]).toBeLessThan(0.5 * losses[0]);
    const start = new Student(tensorflow!, network, 3).initial(new Random(3).fork("initial"));
    expect(whole!.weights.get("stem.weight")!.data.every((value) => !start.includes(value))).toBe(true);
  });

  test("with the same seed gives the same bytes, with another seed others", async () => {
    const again = await distill(tensorflow!, network, data(), options);
    expect(bytes(again.weights).equals(bytes(whole!.weights))).toBe(true);
    const other = await distill(tensorflow!, network, data(), { ...options, seed: 4 });
    expect(bytes(other.weights).equals(bytes(whole!.weights))).toBe(false);
  });

  test.each([2, 5])(
    "stopped after epoch %i goes on from its checkpoint to the bytes of an unbroken run",
    async (last) => {
      const checkpoint = join(folder, `stopped-${last}.safetensors`);
      const controller = new AbortController();
      const stopped = distill(tensorflow!, network, data(), {
        ...options,
        checkpoint,
        signal: controller.signal,
        onEpoch: ({ epoch }) => {
          if (epoch === last) controller.abort();
        },
      });
      await expect(stopped).rejects.toThrow(Aborted);
      const resumed = await distill(tensorflow!, network, data(), { ...options, checkpoint });
      expect(resumed.curve).toEqual(whole!.curve);
      expect(bytes(resumed.weights).equals(bytes(whole!.weights))).toBe(true);
    },
  );

  test("stopped within an epoch goes on with its next batch to the bytes of an unbroken run", async () => {
    const checkpoint = join(folder, "within.safetensors");
    const controller = new AbortController();
    setProgressListener(({ done }) => {
      if (done > 0) controller.abort();
    });
    const call = (signal?: AbortSignal) =>
      distill(tensorflow!, network, data(), { ...options, checkpoint, checkpointSeconds: 0, signal });
    await expect(call(controller.signal)).rejects.toThrow(Aborted);
    setProgressListener(undefined);
    const { metadata } = await readSafetensors(checkpoint);
    expect(metadata.curve).toBe("[]");
    expect(JSON.parse(metadata.within)).toMatchObject({ batches: 1 });
    const resumed = await call();
    expect(resumed.curve).toEqual(whole!.curve);
    expect(bytes(resumed.weights).equals(bytes(whole!.weights))).toBe(true);
  });

  test("refuses a checkpoint of another training", async () => {
    const checkpoint = join(folder, "other.safetensors");
    await distill(tensorflow!, network, data(), { ...options, epochs: 1, settlingEpochs: 0, checkpoint });
    const other = distill(tensorflow!, network, data(), { ...options, seed: 9, checkpoint });
    await expect(other).rejects.toThrow("must be a checkpoint of this training");
  });

  test("keeps what is measured in the curve", async () => {
    const measure = async (_: unknown, epoch: number) => ({ epochSquared: epoch ** 2 });
    const { curve } = await distill(tensorflow!, network, data(), {
      ...options,
      epochs: 1,
      settlingEpochs: 1,
      measure,
    });
    expect(curve.map(({ measured }) => measured.epochSquared)).toEqual([1, 4]);
  });

  test("keeps statistics of other input sizes beside the weights, those of its own size being the weights'", async () => {
    const call = { ...options, settlingEpochs: 0, statisticsSizes: [8, 16] };
    const { weights } = await distill(tensorflow!, network, data(), call);
    const plain = await distill(tensorflow!, network, data(), { ...options, settlingEpochs: 0 });
    const { own, sizes } = splitByInputSize(weights);
    expect(bytes(own).equals(bytes(plain.weights))).toBe(true);
    expect([...sizes.keys()]).toEqual([8, 16]);
    const same = weightsAtInputSize(network, own, sizes, 8);
    for (const [name, { data: values }] of own) {
      expect([...(same.get(name)?.data ?? [])]).toEqual([...values].map((v) => expect.closeTo(v, 4)));
    }
    const larger = weightsAtInputSize(network, own, sizes, 16);
    const spread = (w: Weights) => Math.hypot(...(w.get("conv1.weight")?.data ?? []));
    expect(Math.abs(spread(larger) / spread(own) - 1)).toBeGreaterThan(0.001);
    const settling = distill(tensorflow!, network, data(), { ...call, settlingEpochs: 1 });
    await expect(settling).rejects.toThrow("need settlingEpochs 0");
  });

  test("refuses images and targets of different number, and options it does not know", async () => {
    const { images, targets } = data();
    const fewer = { ...targets, data: targets.data.subarray(3) };
    await expect(distill(tensorflow!, network, { images, targets: fewer }, options)).rejects.toThrow(
      "images and targets must be equally many, at least 2; got 48 and 47",
    );
    await expect(distill(tensorflow!, network, data(), { epoch: 1 } as never)).rejects.toThrow(
      "unknown option epoch",
    );
  });

  test("leaves no tensors behind", async () => {
    const before = tensorflow!.memory().numTensors;
    await distill(tensorflow!, network, data(16), { ...options, epochs: 1, settlingEpochs: 1 });
    expect(tensorflow!.memory().numTensors).toBe(before);
  });
});
