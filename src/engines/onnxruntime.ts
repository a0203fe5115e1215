import { createRequire } from "node:module";
import { usefulThreads } from "./cores.js";
import { type CompiledNetwork, compiledNetwork, compileOptions, type Engine } from "./engine.js";
import { onnxMatrix } from "./onnx-matrix.js";
import { onnxNetwork } from "./onnx-network.js";
import type { Ort } from "./onnxruntime-types.js";

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
    matrix: onnxMatrix(ort, createSession),
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
            return { layer: outputs[i].layer, shape: dims, data: data as Float32Array };
          });
        },
        () => void session.release(),
      );
    },
  };
}
