import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { type ConvPadding, TrainableOps } from "../../src/distillation/index.js";
import { tensorflow } from "./tensorflow.js";

/** Largest difference of the gradients from central differences of sum(weights * output). */
function gradientError(shapes: number[][], compute: (...inputs: Tensor[]) => Tensor, random: Random): number {
  const tf = tensorflow!;
  const count = (shape: number[]) => shape.reduce((product, n) => product * n, 1);
  const values = shapes.map((shape) => Float32Array.from({ length: count(shape) }, () => random.normal()));
  const tensors = (inputs: Float32Array[]) => inputs.map((data, i) => tf.tensor(data, shapes[i]));
  const outputShape = compute(...tensors(values)).shape;
  const weights = tf.tensor(
    Float32Array.from({ length: count(outputShape) }, () => random.normal()),
    outputShape,
  );
  const total = (...inputs: Tensor[]) => tf.sum(tf.mul(compute(...inputs), weights)) as never;
  const gradients = tf
    .grads(total)(tensors(values))
    .map((gradient) => gradient.dataSync());
  const step = 1e-2;
  let worst = 0;
  for (const [i, data] of values.entries()) {
    for (let j = 0; j < data.length; j++) {
      const at = (move: number) => {
        const moved = values.map((v) => Float32Array.from(v));
        moved[i][j] += move;
        return tf.tidy(() => (total(...tensors(moved)) as Tensor).dataSync()[0]);
      };
      worst = Math.max(worst, Math.abs((at(step) - at(-step)) / (2 * step) - gradients[i][j]));
    }
  }
  return worst;
}

describe.skipIf(!tensorflow)("operations with gradients", () => {
  const ops = () => new TrainableOps(tensorflow!);

  test("batch normalisation gives mean 0 and variance 1 in each channel, and tells the statistics", () => {
    const tf = tensorflow!;
    const x = tf.tensor4d([1, 10, 3, 30, 5, 50, 7, 70], [2, 1, 2, 2]);
    const seen: number[][] = [];
    const y = ops().batchNorm(x, tf.ones([2]) as Tensor1D, tf.zeros([2]) as Tensor1D, {
      epsilon: 0,
      onStatistics: ({ mean, variance }) => seen.push([...mean.dataSync()], [...variance.dataSync()]),
    });
    expect(seen).toEqual([
      [4, 40],
      [5, 500],
    ]);
    const expected = [-3, -1, 1, 3].map((v) => v / Math.sqrt(5));
    for (const [i, value] of y.dataSync().entries()) expect(value).toBeCloseTo(expected[i >> 1], 5);
  });

  test("the gradient of batch normalisation equals numeric differences", () => {
    const shapes = [[3, 2, 2, 2], [2], [2]];
    const compute = (x: Tensor, gamma: Tensor, beta: Tensor) =>
      ops().batchNorm(x as Tensor4D, gamma as Tensor1D, beta as Tensor1D, { epsilon: 1e-3 });
    expect(gradientError(shapes, compute, new Random(1))).toBeLessThan(2e-2);
  });

  test("batch normalisation with given statistics subtracts and divides by them, and has their gradient", () => {
    const tf = tensorflow!;
    const statistics = { mean: tf.tensor1d([1, -1]), variance: tf.tensor1d([4, 0.25]) };
    const compute = (x: Tensor, gamma: Tensor, beta: Tensor) =>
      ops().fixedNorm(x as Tensor4D, gamma as Tensor1D, beta as Tensor1D, { epsilon: 0, statistics });
    const y = compute(tf.tensor4d([3, 0, 1, -1], [1, 1, 2, 2]), tf.tensor1d([1, 10]), tf.tensor1d([0, 5]));
    expect([...y.dataSync()]).toEqual([1, 25, 0, 5].map((v) => expect.closeTo(v, 5)));
    expect(gradientError([[3, 2, 2, 2], [2], [2]], compute, new Random(4))).toBeLessThan(2e-2);
  });

  test.each<[string, number, ConvPadding, number]>([
    ["same padding", 1, "same", 3],
    ["a pixel on each side and stride 2", 2, [1, 1, 1, 1], 3],
    ["different sides", 2, [0, 1, 1, 0], 3],
    ["a 1 x 1 kernel and stride 2", 2, [0, 0, 0, 0], 1],
  ])("the gradient of a convolution equals numeric differences: %s", (_, stride, padding, kernel) => {
    const compute = (x: Tensor, w: Tensor) => ops().conv(x as Tensor4D, w as Tensor4D, { stride, padding });
    const shapes = [
      [1, 4, 4, 2],
      [kernel, kernel, 2, 2],
    ];
    expect(gradientError(shapes, compute, new Random(2))).toBeLessThan(2e-2);
  });

  test("a convolution of data gives the same kernel gradient without one for the data", () => {
    const tf = tensorflow!;
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const w = tf.tensor4d([2], [1, 1, 1, 1]);
    const gradient = tf.grad((k) =>
      tf.sum(ops().conv(x, k as Tensor4D, { stride: 1, padding: "same", constant: true })),
    )(w);
    expect([...gradient.dataSync()]).toEqual([10]);
  });

  test("the rectifier passes the gradient only where its input is positive", () => {
    const tf = tensorflow!;
    const gradient = tf.grad((x) => tf.sum(ops().relu(x)))(tf.tensor1d([-1, 2]));
    expect([...gradient.dataSync()]).toEqual([0, 1]);
  });
});
