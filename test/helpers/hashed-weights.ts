import { crc32 } from "node:zlib";
import { type Network, parameterShapes, type Tensor } from "../../src/networks/index.js";

/**
 * The numbers of test/golden/networks/hashed.py.
 *
 * @param name - what they are for
 * @param count - how many
 * @param low - smallest
 * @param high - above the largest
 * @returns numbers that depend on the name only
 */
export function hashed(name: string, count: number, low: number, high: number): Float32Array {
  const seed = crc32(name);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = uniform(seed, i) * (high - low) + low;
  return out;
}

/**
 * @param name - what they are for
 * @param count - how many
 * @param size - length of a list
 * @returns positions in the list
 */
export function hashedPositions(name: string, count: number, size: number): number[] {
  const seed = crc32(name);
  return Array.from({ length: count }, (_, i) => Math.floor(uniform(seed, i) * size));
}

function uniform(seed: number, i: number): number {
  let x = (Math.imul(i, 0x9e3779b9) + seed) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * @param network - the network
 * @returns its parameters as hashed.py makes them
 */
export function hashedWeights(network: Network): Map<string, Tensor> {
  const shapes = parameterShapes(network);
  const tensors = new Map<string, Tensor>();
  for (const [name, shape] of shapes) {
    const count = shape.reduce((product, n) => product * n, 1);
    const [low, high] = limits(name, shape, shapes);
    tensors.set(name, { shape, data: hashed(name, count, low, high) });
  }
  return tensors;
}

function limits(
  name: string,
  shape: readonly number[],
  names: ReadonlyMap<string, unknown>,
): [number, number] {
  if (shape.length >= 2) {
    const bound = Math.sqrt(6 / shape.slice(1).reduce((product, n) => product * n, 1));
    return [-bound, bound];
  }
  if (name.endsWith("running_var")) return [0.5, 2];
  if (!name.endsWith("weight")) return [-0.5, 0.5];
  const endsBlock =
    name.endsWith("bn3.weight") || (name.endsWith("bn2.weight") && !names.has(name.replace("bn2", "bn3")));
  return endsBlock ? [0.1, 0.4] : [0.5, 1.5];
}
