import type { MatrixBackend } from "../../src/engines/engine.js";

/** Squared distance summed term by term in float64. */
export function naiveDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return sum;
}

/** The k nearest rows by sorting all, equally near ones by lower index. */
export function bruteForce(
  train: readonly ArrayLike<number>[],
  query: ArrayLike<number>,
  k: number,
  options: { distance?: typeof naiveDistance; without?: number } = {},
): { distances: number[]; indices: number[] } {
  const { distance = naiveDistance, without = -1 } = options;
  const all = train
    .map((row, index) => ({ index, distance: distance(query, row) }))
    .filter(({ index }) => index !== without)
    .sort((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, k);
  return { distances: all.map((one) => one.distance), indices: all.map((one) => one.index) };
}

/**
 * A back end with the largest errors that float32 arithmetic allows: each product is moved by nearly
 * d 2^-24 |x||y|, up or down in turns.
 */
export const roughMatrix: MatrixBackend = {
  name: "rough",
  loadRows(rows, n, d) {
    return {
      n,
      d,
      async products(queries, m) {
        const out = new Float32Array(m * n);
        for (let at = 0; at < out.length; at++) {
          const [q, t] = [Math.floor(at / n) * d, (at % n) * d];
          let [sum, x, y] = [0, 0, 0];
          for (let j = 0; j < d; j++) {
            sum += queries[q + j] * rows[t + j];
            x += rows[t + j] ** 2;
            y += queries[q + j] ** 2;
          }
          const error = 0.95 * d * 2 ** -24 * Math.sqrt(x * y);
          out[at] = sum + ((at * 7919) % 3 === 0 ? error : -error);
        }
        return out;
      },
      dispose() {},
    };
  },
};

/** A back end that sums in float32 one term after another. */
export const float32Matrix: MatrixBackend = {
  name: "float32",
  loadRows(rows, n, d) {
    return {
      n,
      d,
      async products(queries, m) {
        return Float32Array.from({ length: m * n }, (_, at) => {
          const [q, t] = [Math.floor(at / n) * d, (at % n) * d];
          let sum = 0;
          for (let j = 0; j < d; j++) sum = Math.fround(sum + Math.fround(queries[q + j] * rows[t + j]));
          return sum;
        });
      },
      dispose() {},
    };
  },
};
