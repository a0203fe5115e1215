import type { Random } from "../../src/core/random.js";
import { type Network, parameterShapes, type Tensor } from "../../src/networks/index.js";

/**
 * Parameters that keep a network's activations near 1: kernels normal with variance 2 / fan-in, variances positive.
 *
 * @param network - the network
 * @param random - where they come from
 * @returns parameters by name
 */
export function randomWeights(network: Network, random: Random): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const positive = new Set(
    network.layers.map((l) => (l.kind === "conv" ? l.batchNorm?.variance : undefined)),
  );
  for (const [name, shape] of parameterShapes(network)) {
    const length = shape.reduce((product, n) => product * n, 1);
    const scale = shape.length === 4 ? Math.sqrt(2 / (length / shape[0])) : 0.5;
    const draw = positive.has(name) ? () => random.between(0.5, 2) : () => scale * random.normal();
    tensors.set(name, { shape, data: Float32Array.from({ length }, draw) });
  }
  return tensors;
}

/**
 * @param network - the network
 * @returns parameters by name, all 0
 */
export function zeroWeights(network: Network): Map<string, Tensor> {
  const zeros = (shape: readonly number[]) => new Float32Array(shape.reduce((product, n) => product * n, 1));
  return new Map([...parameterShapes(network)].map(([name, shape]) => [name, { shape, data: zeros(shape) }]));
}

/**
 * @param layers - layers of a network
 * @param featureLayer - default the last one
 * @returns a network of any input size that needs nothing else
 */
export function networkOf(layers: Network["layers"], featureLayer = layers[layers.length - 1].name): Network {
  return {
    name: "small",
    layers,
    aliases: {},
    featureLayer,
    minSize: 1,
    preparation: { resize: 0, crop: 0, filter: "bilinear", mean: [0, 0, 0], std: [1, 1, 1] },
    weights: { file: "small.safetensors", source: "random", licence: "none", bundled: false },
  };
}

/**
 * @param a - numbers
 * @param b - as many numbers
 * @returns the largest absolute difference; NaN when one is NaN
 */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}
