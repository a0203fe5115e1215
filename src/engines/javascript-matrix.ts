import type { LoadedRows, MatrixBackend } from "./engine.js";

/** Inner products in plain JavaScript: nothing to load, right for small searches. */
export const javascriptMatrix: MatrixBackend = {
  name: "javascript",
  loadRows(rows, n, d): LoadedRows {
    let out = new Float32Array(0);
    return {
      n,
      d,
      async products(queries, m) {
        if (out.length < m * n) out = new Float32Array(m * n);
        multiply(queries, m, rows, n, d, out);
        return out.subarray(0, m * n);
      },
      dispose() {
        out = new Float32Array(0);
      },
    };
  },
};

/** Four queries at a time, so that each row's number is read once for four products. */
function multiply(
  queries: Float32Array,
  m: number,
  rows: Float32Array,
  n: number,
  d: number,
  out: Float32Array,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const [q0, q1, q2, q3] = [i * d, (i + 1) * d, (i + 2) * d, (i + 3) * d];
    for (let j = 0; j < n; j++) {
      const r = j * d;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0; k < d; k++) {
        const x = rows[r + k];
        s0 += queries[q0 + k] * x;
        s1 += queries[q1 + k] * x;
        s2 += queries[q2 + k] * x;
        s3 += queries[q3 + k] * x;
      }
      out[i * n + j] = s0;
      out[(i + 1) * n + j] = s1;
      out[(i + 2) * n + j] = s2;
      out[(i + 3) * n + j] = s3;
    }
  }
  for (; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += queries[i * d + k] * rows[j * d + k];
      out[i * n + j] = sum;
    }
  }
}
