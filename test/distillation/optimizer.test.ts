import { describe, expect, test } from "vitest";
import { AdamW, oneCycle } from "../../src/distillation/index.js";
import { tensorflow } from "./tensorflow.js";

const form = { peak: 1, warmup: 0.25, start: 0.1, end: 0.01 };

describe("the one-cycle schedule", () => {
  test("starts at its first rate, reaches the peak after the warm-up and ends at its last rate", () => {
    expect(oneCycle(0, form)).toBeCloseTo(0.1, 12);
    expect(oneCycle(0.25, form)).toBeCloseTo(1, 12);
    expect(oneCycle(1, form)).toBeCloseTo(0.01, 12);
  });

  test("is half way between its ends in the middle of each half", () => {
    expect(oneCycle(0.125, form)).toBeCloseTo(0.55, 12);
    expect(oneCycle(0.625, form)).toBeCloseTo(0.505, 12);
  });
});

describe.skipIf(!tensorflow)("AdamW", () => {
  const options = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.5 };

  test("moves each parameter by the learning rate against its gradient at the first step, and decays where the mask says so", () => {
    const tf = tensorflow!;
    const zero = new Float32Array(2);
    const start = { parameters: Float32Array.of(1, 2), firstMoment: zero, secondMoment: zero, steps: 0 };
    const adam = new AdamW(tf, start, Float32Array.of(1, 0), options);
    adam.step(tf.tensor1d([3, -0.25]), 0.1);
    const state = adam.state();
    expect(state.steps).toBe(1);
    expect(state.parameters[0]).toBeCloseTo(1 - 0.1 * 0.5 - 0.1, 6);
    expect(state.parameters[1]).toBeCloseTo(2 + 0.1, 6);
    expect(Array.from(state.firstMoment, (x) => Math.fround(x))).toEqual([
      Math.fround(0.3),
      Math.fround(-0.025),
    ]);
    expect(state.secondMoment[0]).toBeCloseTo(0.09, 6);
    adam.dispose();
  });

  test("uses the moments of earlier steps", () => {
    const tf = tensorflow!;
    const start = {
      parameters: Float32Array.of(1),
      firstMoment: Float32Array.of(0.2),
      secondMoment: Float32Array.of(0.04),
      steps: 1,
    };
    const adam = new AdamW(tf, start, Float32Array.of(0), options);
    adam.step(tf.tensor1d([1]), 0.1);
    const mean = (0.9 * 0.2 + 0.1) / (1 - 0.9 ** 2);
    const square = (0.99 * 0.04 + 0.01) / (1 - 0.99 ** 2);
    expect(adam.state().parameters[0]).toBeCloseTo(1 - (0.1 * mean) / Math.sqrt(square), 6);
    adam.dispose();
  });
});
