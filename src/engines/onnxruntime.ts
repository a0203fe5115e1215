import { createRequire } from "node:module";
import { messageOf } from "../core/errors.js";
import { usefulThreads } from "./cores.js";
import { whyUnusable } from "./device-probe.js";
import {
  type CompiledNetwork,
  compiledNetwork,
  compileOptions,
  type DeviceName,
  deviceNames,
  type Engine,
} from "./engine.js";
import { onnxMatrix, productModel } from "./onnx-matrix.js";
import { onnxNetwork } from "./onnx-network.js";
import type { CreateSession, Ort } from "./onnxruntime-types.js";

/**
 * Loads ONNX Runtime.
 *
 * @returns the engine
 * @throws Error when the package or its native library is missing or cannot be loaded
 */
export async function loadOnnxruntime(): Promise<Engine> {
  const require = createRequire(import.meta.url);
  const ort = require("onnxruntime-node") as Ort;
  ort.env.logLevel = "fatal";
  const createOn = (device: DeviceName, model: Uint8Array, threads = usefulThreads(), options = {}) =>
    ort.InferenceSession.create(model, {
      ...options,
      executionProviders: [device],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
      extra: { session: { intra_op: { allow_spinning: "0" } } },
    });
  // there is nothing to optimize in a product, and trying takes as long as the rest
  const createSession: CreateSession = (model, threads) =>
    createOn("cpu", model, threads, { graphOptimizationLevel: "disabled" });
  return {
    name: "onnxruntime-node",
    version: ort.env.versions.node ?? ort.env.versions.common,
    matrix: onnxMatrix(ort, createSession),
    async compile(network, weights, options = {}): Promise<CompiledNetwork> {
      const { outputs, threads, device } = compileOptions(network, options);
      await requireDevice(ort, require.resolve("onnxruntime-node"), device);
      const model = onnxNetwork(network, weights, outputs);
      const session = await createOn(device, model, threads).catch((error: unknown) => {
        throw device === "cpu" ? error : unusable(device, messageOf(error), error);
      });
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

/** @returns the devices that this build of ONNX Runtime knows */
function knownDevices(ort: Ort): DeviceName[] {
  const known = ort.listSupportedBackends().map(({ name }) => name);
  return deviceNames.filter((name) => known.includes(name));
}

async function requireDevice(ort: Ort, runtime: string, device: DeviceName): Promise<void> {
  if (device === "cpu") return;
  const known = knownDevices(ort);
  if (!known.includes(device)) {
    throw new RangeError(
      `the device must be one that onnxruntime-node has on ${process.platform} ${process.arch} (${known.join(", ")}); got ${device}`,
    );
  }
  const reason = await whyUnusable(runtime, device, productModel());
  if (reason !== undefined) throw unusable(device, reason);
}

function unusable(device: DeviceName, message: string, cause?: unknown): RangeError {
  const reason = message.split("\n")[0].split(" was false. ").at(-1)?.trim();
  return new RangeError(
    `the device ${device} cannot be used here: ${reason}; leave device away to use the processor`,
    { cause },
  );
}
