import type { ByteMatrix } from "./engine.js";

/** Products of 8-bit integers in plain JavaScript: exact everywhere, fast nowhere. */
export const javascriptBytes: ByteMatrix = {
  most: 127,
  async loadColumns(columns, n, d) {
    const kept = columns.slice(0, n * d);
    return {
      async products(queries, m, out) {
        for (let i = 0; i < m; i++) {
          const sums = out.fill(0, i * n, (i + 1) * n).subarray(i * n, (i + 1) * n);
          for (let j = 0; j < d; j++) {
            const value = queries[i * d + j] - 128;
            const first = j * n;
            for (let row = 0; row < n; row++) sums[row] += value * kept[first + row];
          }
        }
      },
      dispose() {},
    };
  },
};
