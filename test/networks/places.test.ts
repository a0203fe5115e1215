import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engines/index.js";
import {
  add,
  bindWeights,
  conv,
  maxPool,
  networkNamed,
  parameterShapes,
  placesOf,
} from "../../src/networks/index.js";
import { networkOf } from "../helpers/random-weights.js";

describe("places", () => {
  it("of a 3x3 convolution with stride 2 lie on every second pixel, after a 2x2 pooling between pixels", () => {
    const network = networkOf([
      conv("a", "input", { filters: 1, kernel: 3, stride: 2, padding: 1 }),
      maxPool("b", "a", { kernel: 2, stride: 2 }),
    ]);
    expect(placesOf(network, "a", 8, 8).x).toEqual({ first: 0.5, step: 2 });
    expect(placesOf(network, "b", 8, 8).y).toEqual({ first: 1.5, step: 4 });
  });

  it("of the embedded network's last block are 8 pixels apart from the first on, not in the middles of cells", () => {
    expect(placesOf(networkNamed("embedded"), "blocks.5", 32, 32).x).toEqual({ first: 0.5, step: 8 });
  });

  it("of same padding depend on whether the size is even", () => {
    const network = networkOf([conv("a", "input", { filters: 1, kernel: 3, stride: 2, padding: "same" })]);
    expect(placesOf(network, "a", 9, 8)).toEqual({ x: { first: 1.5, step: 2 }, y: { first: 0.5, step: 2 } });
  });

  it("are where a network with equal weights looks", async () => {
    const network = networkOf([
      conv("one", "input", { filters: 1, kernel: 3, stride: 2, padding: 1 }),
      conv("two", "one", { filters: 1, kernel: 5, stride: 2, padding: "same" }),
      add("sum", ["two", "two"]),
      { ...conv("odd", "sum", { filters: 1, kernel: 1 }), kernel: [1, 3], padding: [0, 0, 0, 1] },
    ]);
    const ones = new Map(
      [...parameterShapes(network)].map(([name, shape]) => {
        const length = shape.reduce((product, n) => product * n, 1);
        return [name, { shape, data: new Float32Array(length).fill(name.endsWith("bias") ? 0 : 1) }];
      }),
    );
    const compiled = await (await loadEngine()).compile(network, bindWeights(network, ones), {
      outputs: [{ layer: "odd", pooled: false }],
    });
    const size = 36;
    const input = new Float32Array(size * 3 * size * size);
    for (let x = 0; x < size; x++) {
      for (let y = 0; y < size; y++) input[x * 3 * size * size + y * size + x] = 1;
    }
    const [{ shape, data }] = await compiled.run(input, [size, 3, size, size]);
    const [, , rows, columns] = shape;
    const { x } = placesOf(network, "odd", size, size);
    const row = rows >> 1;
    for (let column = 2; column < columns - 2; column++) {
      let [sum, weighted] = [0, 0];
      for (let at = 0; at < size; at++) {
        const response = data[(at * rows + row) * columns + column];
        sum += response;
        weighted += response * (at + 0.5);
      }
      expect(weighted / sum).toBeCloseTo(x.first + column * x.step, 4);
    }
    compiled.dispose();
  });
});
