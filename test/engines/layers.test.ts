import { describe, expect, test } from "vitest";
import { type Engine, engineNames, loadEngine } from "../../src/engines/index.js";
import { add, concat, conv, type Layer, maxPool, type Tensor } from "../../src/networks/index.js";
import { networkOf } from "../helpers/random-weights.js";

/** Runs layers on one picture, n x n, whose red channel is given and whose other channels are 0. */
async function run(engine: Engine, layers: Layer[], red: number[], weights: Record<string, Tensor> = {}) {
  const size = Math.sqrt(red.length);
  const input = new Float32Array(3 * red.length);
  input.set(red);
  const compiled = await engine.compile(networkOf(layers), new Map(Object.entries(weights)), {
    outputs: [{ layer: layers[layers.length - 1].name, pooled: false }],
  });
  const [{ shape, data }] = await compiled.run(input, [1, 3, size, size]);
  compiled.dispose();
  return { shape: [...shape], data: [...data] };
}

const tensor = (shape: number[], ...data: number[]): Tensor => ({ shape, data: Float32Array.from(data) });
const ones = (...shape: number[]): Tensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, n) => product * n, 1)).fill(1),
});
const red = [...Array(16).keys()].map((i) => i + 1);

describe.each(engineNames)("%s", (name) => {
  test("same padding with stride 2 pads an even size at the bottom and the right only", async () => {
    const engine = await loadEngine(name);
    const sum = conv("c", "input", { filters: 1, kernel: 3, stride: 2, padding: "same" });
    const weights = { "c.weight": ones(1, 3, 3, 3), "c.bias": tensor([1], 0) };
    expect(await run(engine, [sum], red, weights)).toEqual({ shape: [1, 1, 2, 2], data: [54, 45, 72, 54] });
    expect(await run(engine, [sum], red.slice(0, 9), weights)).toEqual({
      shape: [1, 1, 2, 2],
      data: [12, 16, 24, 28],
    });
  });

  test("explicit padding is top, left, bottom, right", async () => {
    const engine = await loadEngine(name);
    const sum: Layer = {
      ...conv("c", "input", { filters: 1, kernel: 2, stride: 2 }),
      padding: [1, 0, 0, 1],
    };
    const weights = { "c.weight": ones(1, 3, 2, 2), "c.bias": tensor([1], 0.5) };
    expect(await run(engine, [sum], [1, 2, 3, 4, 5, 6, 7, 8, 9], weights)).toEqual({
      shape: [1, 1, 2, 2],
      data: [3.5, 3.5, 24.5, 15.5],
    });
  });

  test("ceil_mode gives the partly covered windows, and padding never wins a maximum", async () => {
    const engine = await loadEngine(name);
    const form = { kernel: 3, stride: 2 };
    const negative = red.map((x) => -x);
    const first = async (layer: Layer, input: number[]) => {
      const { shape, data } = await run(engine, [layer], input);
      return { size: shape[2], red: data.slice(0, shape[2] * shape[3]) };
    };
    expect(await first(maxPool("p", "input", { ...form, ceilMode: true }), red)).toEqual({
      size: 2,
      red: [11, 12, 15, 16],
    });
    expect(await first(maxPool("p", "input", form), red)).toEqual({ size: 1, red: [11] });
    expect(await first(maxPool("p", "input", { ...form, padding: 1, ceilMode: true }), negative)).toEqual({
      size: 3,
      red: [-1, -2, -4, -5, -6, -8, -13, -14, -16],
    });
    expect(await first(maxPool("p", "input", { ...form, padding: "same" }), negative)).toEqual({
      size: 2,
      red: [-1, -3, -9, -11],
    });
    expect(await first(maxPool("p", "input", { kernel: 1, stride: 3, ceilMode: true }), red)).toEqual({
      size: 2,
      red: [1, 4, 13, 16],
    });
  });

  test("groups do not mix, filters of a group stand together", async () => {
    const engine = await loadEngine(name);
    const spread = conv("a", "input", { filters: 4, kernel: 1 });
    const grouped = conv("g", "a", { filters: 4, kernel: 1, groups: 2 });
    const weights = {
      "a.weight": tensor([4, 3, 1, 1], 1, 0, 0, 10, 0, 0, 100, 0, 0, 1000, 0, 0),
      "a.bias": tensor([4], 0, 0, 0, 0),
      "g.weight": tensor([4, 2, 1, 1], 1, 1, 2, 0, 0, 1, 1, 1),
      "g.bias": tensor([4], 0, 0, 0, 0.5),
    };
    expect(await run(engine, [spread, grouped], [1], weights)).toEqual({
      shape: [1, 4, 1, 1],
      data: [11, 2, 1000, 1100.5],
    });
  });

  test("a depthwise convolution with two filters a channel keeps the channel's filters together", async () => {
    const engine = await loadEngine(name);
    const depthwise = conv("d", "input", { filters: 6, kernel: 1, groups: 3 });
    const weights = {
      "d.weight": tensor([6, 1, 1, 1], 1, 2, 3, 4, 5, 6),
      "d.bias": tensor([6], 0, 0, 0, 0, 7, 8),
    };
    expect((await run(engine, [depthwise], [10], weights)).data).toEqual([10, 20, 0, 0, 7, 8]);
  });

  test("concatenation keeps the order, addition takes any number, relu6 clips", async () => {
    const engine = await loadEngine(name);
    const scale = (layer: string, ...factors: number[]) => ({
      [`${layer}.weight`]: tensor([factors.length, 3, 1, 1], ...factors.flatMap((f) => [f, 0, 0])),
      [`${layer}.bias`]: tensor([factors.length], ...factors.map(() => 0)),
    });
    const layers = [
      conv("a", "input", { filters: 2, kernel: 1 }),
      conv("b", "input", { filters: 1, kernel: 1 }),
      concat("ab", ["a", "b"]),
      add("sum", ["ab", "ab", "ab"], "relu6"),
    ];
    const weights = { ...scale("a", 1, -1), ...scale("b", 5) };
    expect((await run(engine, layers.slice(0, 3), [1], weights)).data).toEqual([1, -1, 5]);
    expect((await run(engine, layers, [1], weights)).data).toEqual([3, 0, 6]);
  });
});
