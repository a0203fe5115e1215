import type { ByteMatrix, LoadedRows, MatrixBackend } from "./engine.js";
import { exactByteMatrix } from "./onnx-bytes.js";
import { OnnxGraph } from "./onnx-graph.js";
import type { CreateSession, Ort, OrtSession } from "./onnxruntime-types.js";

/**
 * Multiplies matrices on ONNX Runtime.
 *
 * @param ort - the library
 * @param createSession - makes a session of a model
 * @returns the back end
 */
export function onnxMatrix(ort: Ort, createSession: CreateSession): MatrixBackend {
  let session: Promise<OrtSession> | undefined;
  let bytes: Promise<ByteMatrix | undefined> | undefined;
  let single: MatrixBackend | undefined;
  return {
    name: "onnxruntime-node",
    loadRows(rows, n, d): LoadedRows {
      session ??= createSession(productModel());
      const loaded = new ort.Tensor("float32", rows.subarray(0, n * d), [n, d]);
      let out = new Float32Array(0);
      return {
        n,
        d,
        async products(queries, m, target) {
          if (!target && out.length < m * n) out = new Float32Array(m * n);
          const product = (target ?? out).subarray(0, m * n);
          const feeds = {
            queries: new ort.Tensor("float32", queries.subarray(0, m * d), [m, d]),
            rows: loaded,
          };
          await (await session)!.run(feeds, { products: new ort.Tensor("float32", product, [m, n]) });
          return product;
        },
        dispose() {
          out = new Float32Array(0);
        },
      };
    },
    bytes() {
      bytes ??= exactByteMatrix(ort, createSession);
      return bytes;
    },
    onOneThread() {
      single ??= onnxMatrix(ort, (model) => createSession(model, 1));
      return single;
    },
  };
}

/** @returns the model that multiplies "queries", m x d, with the transpose of "rows", n x d, to "products", m x n */
export function productModel(): Uint8Array {
  const graph = new OnnxGraph();
  graph.input("queries", ["m", "d"]);
  graph.input("rows", ["n", "d"]);
  graph.node("Gemm", ["queries", "rows"], "products", { transB: 1 });
  graph.output("products", ["m", "n"]);
  return graph.bytes();
}
