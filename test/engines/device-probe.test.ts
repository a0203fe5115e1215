import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { whyUnusable } from "../../src/engines/device-probe.js";
import { productModel } from "../../src/engines/onnx-matrix.js";

const folder = mkdtempSync(join(tmpdir(), "dn2-probe-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A runtime whose sessions do what is written. */
function runtime(name: string, create: string): string {
  const path = join(folder, `${name}.cjs`);
  writeFileSync(path, `exports.InferenceSession = { async create(model, options) { ${create} } };`);
  return path;
}

it.each([
  [
    "refuses with its own words, whatever it prints",
    `console.error("raw"); console.log("raw"); throw new Error("no " + options.executionProviders + " for " + Buffer.from(model))`,
    "no cuda for AB",
  ],
  [
    "ends by a signal",
    `process.kill(process.pid, "SIGKILL"); await new Promise((resolve) => setTimeout(resolve, 1e6))`,
    "the runtime ended with SIGKILL when it was tried",
  ],
  ["ends by itself", "process.exit(7)", "the runtime ended with exit code 7 when it was tried"],
  ["works", "return {}", undefined],
])("a device whose runtime %s", async (name, create, reason) => {
  expect(await whyUnusable(runtime(name, create), "cuda", Buffer.from("AB"))).toBe(reason);
});

it("the processor can be used with the real runtime, where that is installed", async (context) => {
  let path = "";
  try {
    path = createRequire(import.meta.url).resolve("onnxruntime-node");
  } catch {
    context.skip();
  }
  expect(await whyUnusable(path, "cpu", productModel())).toBeUndefined();
});
