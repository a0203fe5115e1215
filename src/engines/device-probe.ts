import { spawn } from "node:child_process";
import type { DeviceName } from "./engine.js";

const program = `
const [runtime, device, model] = process.argv.slice(1);
const answer = (reason) => process.stdout.write("\\n" + JSON.stringify({ reason }) + "\\n", () => process.exit(0));
Promise.resolve()
  .then(() => require(runtime).InferenceSession.create(Buffer.from(model, "base64"), { executionProviders: [device], logSeverityLevel: 4 }))
  .then(() => answer(), (error) => answer(String(error?.message ?? error)));`;

/**
 * Tries a device in a process of its own: what native libraries print when they find none does not reach the user, and what breaks
 * there ends nothing here.
 *
 * @param runtime - path of the package onnxruntime-node
 * @param device - the device
 * @param model - a small model, which is loaded on the device
 * @returns why the device cannot be used; undefined where it can
 */
export function whyUnusable(
  runtime: string,
  device: DeviceName,
  model: Uint8Array,
): Promise<string | undefined> {
  const words = [runtime, device, Buffer.from(model).toString("base64")];
  const child = spawn(process.execPath, ["-e", program, ...words], { stdio: ["ignore", "pipe", "ignore"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    printed += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const line = printed.trim().split("\n").at(-1);
      if (line?.startsWith("{")) resolve(JSON.parse(line).reason);
      else resolve(`the runtime ended with ${signal ?? `exit code ${code}`} when it was tried`);
    });
  });
}
