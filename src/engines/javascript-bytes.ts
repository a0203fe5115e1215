import type { ByteMatrix } from "./engine.js";

/** Products of 8-bit integers in plain JavaScript: exact everywhere, fast nowhere. */
export const javascriptBytes: ByteMatrix = {
  most: 127,
  async loadRows(rows, n, d) {
    const kept = rows.slice(0, n * d);
    return {
      async products(queries, m, out) {
        for (let i = 0, at = 0; i < m; i++) {
          for (let j = 0; j < n; j++, at++) {
            let sum = 0;
            for (let x = i * d, y = j * d; x < (i + 1) * d; x++, y++) sum += (queries[x] - 128) * kept[y];
            out[at] = sum;
          }
        }
      },
      dispose() {},
    };
  },
};
