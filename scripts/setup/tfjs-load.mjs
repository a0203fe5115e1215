import { hashOf } from "./state.mjs";

/** Two helpers of Node's util that tfjs-node 4.22.0 calls and that Node 23 removed. */
const probe = `
const util = require("node:util");
util.isNullOrUndefined ??= (value) => value == null;
util.isArray ??= Array.isArray;
const tf = require("@tensorflow/tfjs-node");
const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()[0];
if (product !== 11) throw new Error("a product of 11 came out as " + product);
console.log("loaded " + tf.version["tfjs-node"] + ", TensorFlow " + tf.backend().binding.TF_Version);`;

/**
 * Loads tfjs-node in a process of its own, where a broken binding can do no harm.
 *
 * @param {Pick<import("./context.mjs").Context, "paths" | "runner">} context
 * @returns {Promise<{ detail: string } | { problem: string }>} its versions, or why it does not load
 */
export async function loadTfjsNode({ paths, runner }) {
  const result = await runner.run("tfjs-node", process.execPath, ["-e", probe], {
    cwd: paths.root,
    env: { TF_CPP_MIN_LOG_LEVEL: "3" },
    timeoutMs: 300_000,
  });
  const detail = result.stdout.match(/^loaded (.*)$/m)?.[1];
  if (detail) return { detail };
  const line = result.output.split("\n").find((text) => /Error:/.test(text));
  return { problem: line?.replace(/^\s*\w*Error: /, "").trim() ?? "it ended without a word" };
}

/**
 * @param {string} version - of tfjs-node
 * @returns {string} names what a built binding depends on
 */
export function bindingId(version) {
  return `${version}-${process.platform}-${process.arch}-${hashOf(libcVersion()).slice(0, 6)}`;
}

/** @returns {string} version of the C library on Linux with glibc, else "" */
export function libcVersion() {
  const report = /** @type {any} */ (process.report?.getReport());
  return report?.header?.glibcVersionRuntime ?? "";
}
