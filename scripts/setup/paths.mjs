import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the clone. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Where things of a clone are. Everything that set-up writes lies in one of these.
 *
 * @param {string} root - folder of the clone
 */
export function pathsOf(root) {
  const venv = join(root, ".venv");
  const bin = join(venv, process.platform === "win32" ? "Scripts" : "bin");
  const exe = process.platform === "win32" ? ".exe" : "";
  const dn2 = join(root, ".dn2");
  const cache = join(root, ".cache");
  return {
    root,
    modules: join(root, "node_modules"),
    dist: join(root, "dist"),
    cli: join(root, "dist", "cli", "dn2.js"),
    link: join(root, "node_modules", "dn2"),
    venv,
    venvBin: bin,
    venvPython: join(bin, `python${exe}`),
    jupyter: join(bin, `jupyter-lab${exe}`),
    kernelspec: join(venv, "share", "jupyter", "kernels", "dn2", "kernel.json"),
    labextension: join(venv, "share", "jupyter", "labextensions", "dn2"),
    requirements: join(root, "scripts", "requirements.txt"),
    constraints: join(root, "scripts", "constraints.txt"),
    /** State of this clone: what set-up did, logs, Jupyter's own files. */
    dn2,
    state: join(dn2, "setup.json"),
    lock: join(dn2, "setup.lock"),
    logs: join(dn2, "log"),
    jupyterHome: join(dn2, "jupyter"),
    /** What can be fetched or built again. */
    cache,
    npmCache: join(cache, "npm"),
    pipCache: join(cache, "pip"),
    tmp: join(cache, "tmp"),
    tfjsNode: join(root, "node_modules", "@tensorflow", "tfjs-node"),
    tfjsNodeBuilt: join(cache, "tfjs-node"),
  };
}

/** @typedef {ReturnType<typeof pathsOf>} Paths */

/**
 * Reads a JSON file.
 *
 * @param {string} path
 * @returns {any} its content, or undefined when it is missing or no JSON
 */
export function readJson(path) {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
