import { join } from "node:path";
import { readJson } from "./paths.mjs";
import { hashOf, readState, recordStep } from "./state.mjs";

const probe = `
const { InferenceSession, listSupportedBackends } = require("onnxruntime-node");
if (!InferenceSession) throw new Error("no InferenceSession");
const devices = listSupportedBackends().map(({ name }) => name).filter((name) => ["cpu", "cuda", "webgpu"].includes(name));
console.log(require("onnxruntime-node/package.json").version + ", made for " + devices.join(", "));`;

/** @type {import("./context.mjs").Step} */
export const onnxruntime = {
  name: "onnxruntime-node",
  title: "onnxruntime-node",
  needs: ["npm-packages"],
  async run(context) {
    const { paths } = context;
    const version = readJson(join(paths.modules, "onnxruntime-node", "package.json"))?.version ?? "missing";
    const key = hashOf(process.version, process.arch, version);
    const known = readState(paths.state)["onnxruntime-node"];
    const settled = known?.key === key && (known.available || !context.retry);
    const found = settled ? known : await probeOnnxruntime(context);
    if (!settled) recordStep(paths.state, "onnxruntime-node", { key, ...found });
    return {
      detail: found.detail,
      absent: !found.available,
      ...(found.remedy ? { remedy: found.remedy } : {}),
    };
  },
};

/**
 * Loads onnxruntime-node in a process of its own.
 *
 * @param {Pick<import("./context.mjs").Context, "paths" | "runner">} context
 * @returns {Promise<{ available: boolean, detail: string, remedy?: string }>}
 */
export async function probeOnnxruntime({ paths, runner }) {
  const result = await runner.run("onnxruntime-node", process.execPath, ["-e", probe], {
    cwd: paths.root,
    timeoutMs: 300_000,
  });
  if (result.code === 0) return { available: true, detail: result.stdout.trim() };
  return {
    available: false,
    detail: reasonOf(result.output),
    remedy: "tfjs-node or tfjs-wasm is used instead",
  };
}

/** @param {string} output - what Node printed when the package did not load */
function reasonOf(output) {
  if (process.platform === "darwin" && process.arch === "x64") return "it has no binary for Intel Macs";
  const line = output.split("\n").find((text) => /Error:/.test(text));
  return `it does not load (${line?.replace(/^\s*\w*Error: /, "").trim() ?? "no output"})`;
}
