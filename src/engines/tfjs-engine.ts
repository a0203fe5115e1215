import {
  type CompiledNetwork,
  compiledNetwork,
  compileOptions,
  type Engine,
  type EngineName,
  type LoadedRows,
  type MatrixBackend,
  type Output,
  requireCpu,
} from "./engine.js";
import { tfjsGraph } from "./tfjs-network.js";
import type { Tensor2D, Tf } from "./tfjs-types.js";

/** What makes a TensorFlow.js back end an engine. */
export interface TfjsEngineParts {
  /** Name of the engine. */
  readonly name: EngineName;
  /** Version of the engine and what is below it. */
  readonly version: string;
  /** The library. */
  readonly tf: Tf;
  /** TensorFlow.js's name of the back end: "tensorflow" or "wasm". */
  readonly backend: string;
}

/**
 * An engine on a TensorFlow.js back end that is ready.
 *
 * Both back ends share one library with one current back end, so every call sets its own first and computes without
 * letting other code run in between.
 *
 * @param parts - names, version and library
 * @returns the engine
 */
export function tfjsEngine(parts: TfjsEngineParts): Engine {
  const { name, version, tf, backend } = parts;
  const activate = () => {
    if (tf.getBackend() !== backend) void tf.setBackend(backend);
  };
  return {
    name,
    version,
    matrix: matrixBackend(parts, activate),
    async compile(network, weights, options = {}): Promise<CompiledNetwork> {
      const { outputs, device } = compileOptions(network, options);
      requireCpu(name, device);
      activate();
      const order = [...new Set(outputs.map(({ own }) => own))];
      const graph = tfjsGraph(tf, network, weights, order);
      return compiledNetwork(
        network,
        async (input, [n, channels, height, width], wanted) => {
          activate();
          const results: Output[] = [];
          tf.tidy(() => {
            const x = tf.transpose(tf.tensor4d(input, [n, channels, height, width]), [0, 2, 3, 1]);
            const maps = graph.run(x);
            for (const { layer, own, pooled } of wanted?.map((i) => outputs[i]) ?? outputs) {
              const map = maps[order.indexOf(own)];
              const out = pooled ? tf.mean(map, [1, 2]) : tf.transpose(map, [0, 3, 1, 2]);
              results.push({ layer, shape: out.shape, data: out.dataSync() as Float32Array });
            }
          });
          return results;
        },
        () => {
          activate();
          graph.dispose();
        },
      );
    },
  };
}

function matrixBackend({ tf, name, backend }: TfjsEngineParts, activate: () => void): MatrixBackend {
  // The WebAssembly back end multiplies fast only where neither side is transposed; the native one does not care.
  const transposed = backend === "wasm";
  return {
    name,
    loadRows(rows, n, d): LoadedRows {
      activate();
      const loaded = tf.tidy(() => {
        const stored: Tensor2D = tf.tensor2d(rows.subarray(0, n * d), [n, d]);
        return transposed ? tf.transpose(stored) : stored;
      });
      return {
        n,
        d,
        async products(queries, m) {
          activate();
          const q = tf.tensor2d(queries.subarray(0, m * d), [m, d]);
          const product = tf.matMul(q, loaded, false, !transposed);
          const data = product.dataSync() as Float32Array;
          tf.dispose([q, product]);
          return data;
        },
        dispose() {
          activate();
          loaded.dispose();
        },
      };
    },
  };
}
