import { createRequire } from "node:module";
import { usefulThreads } from "./cores.js";
import {
  type CompiledNetwork,
  compiledNetwork,
  compileOptions,
  type Engine,
  type LoadedRows,
  type MatrixBackend,
} from "./engine.js";
import { OnnxGraph } from "./onnx-graph.js";
import { onnxNetwork } from "./onnx-network.js";

interface OrtTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

interface OrtSession {
  run(
    feeds: Record<string, OrtTensor>,
    fetches?: Record<string, OrtTensor> | readonly string[],
  ): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

/** The part of onnxruntime-node that is used; the package is optional, so its own types may be absent. */
interface Ort {
  readonly env: { logLevel?: string; readonly versions: { node?: string; common: string } };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<OrtSession> };
}

/**
 * Loads ONNX Runtime.
 *
 * @returns the engine
 * @throws Error when the package or its native library is missing or cannot be loaded
 */
export async function loadOnnxruntime(): Promise<Engine> {
  const ort = createRequire(import.meta.url)("onnxruntime-node") as Ort;
  ort.env.logLevel = "fatal";
  const createSession = (model: Uint8Array, threads = usefulThreads()) =>
    ort.InferenceSession.create(model, {
      executionProviders: ["cpu"],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
      extra: { session: { intra_op: { allow_spinning: "0" } } },
    });
  return {
    name: "onnxruntime-node",
    version: ort.env.versions.node ?? ort.env.versions.common,
    matrix: matrixBackend(ort, createSession),
    async compile(network, weights, options = {}): Promise<CompiledNetwork> {
      const { outputs, threads } = compileOptions(network, options);
      const session = await createSession(onnxNetwork(network, weights, outputs), threads);
      return compiledNetwork(
        network,
        async (input, shape, wanted = [...outputs.keys()]) => {
          const feeds = { input: new ort.Tensor("float32", input, shape) };
          const results = await session.run(
            feeds,
            wanted.map((i) => `output${i}`),
          );
          return wanted.map((i) => {
            const { dims, data } = results[`output${i}`];
            return { layer: outputs[i].layer, shape: dims, data };
          });
        },
        () => void session.release(),
      );
    },
  };
}

function matrixBackend(ort: Ort, createSession: (model: Uint8Array) => Promise<OrtSession>): MatrixBackend {
  let session: Promise<OrtSession> | undefined;
  return {
    name: "onnxruntime-node",
    loadRows(rows, n, d): LoadedRows {
      session ??= createSession(productModel());
      const loaded = new ort.Tensor("float32", rows.subarray(0, n * d), [n, d]);
      let out = new Float32Array(0);
      return {
        n,
        d,
        async products(queries, m) {
          if (out.length < m * n) out = new Float32Array(m * n);
          const product = out.subarray(0, m * n);
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
  };
}

function productModel(): Uint8Array {
  const graph = new OnnxGraph();
  graph.input("queries", ["m", "d"]);
  graph.input("rows", ["n", "d"]);
  graph.node("Gemm", ["queries", "rows"], "products", { transB: 1 });
  graph.output("products", ["m", "n"]);
  return graph.bytes();
}
