import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { findNodeHeaders } from "./node-headers.mjs";
import { installerError, nodeGypProgram, onPath } from "./npm.mjs";
import { libcVersion } from "./tfjs-load.mjs";

/** The version that tfjs-node 4.22.0 was tried with; 2.9.3 does not load. */
const tensorflow = "2.15.1";
const wheels = {
  x64: { name: "tensorflow-cpu", platform: "manylinux2014_x86_64" },
  arm64: { name: "tensorflow-cpu-aws", platform: "manylinux2014_aarch64" },
};

const log = "see .dn2/log/tfjs-node.log";

/**
 * Builds tfjs-node's binding on the TensorFlow library inside a Python package.
 *
 * @param {import("./context.mjs").Context} context
 * @param {string} target - folder that gets lib/napi-v8/tfjs_binding.node and deps/lib; it appears whole or not at all
 * @returns {Promise<string>} "" when it succeeded, else why not
 */
export async function buildFromWheel(context, target) {
  const { paths } = context;
  mkdirSync(paths.cache, { recursive: true });
  const missing = missingForBuild(paths.cache);
  if (missing) return missing;
  const headers = await findNodeHeaders(context);
  if (!headers && !(await fetchHeaders(context))) {
    return "building it needs Node's C headers, which came neither with Node nor from its host; install them (Debian: apt install libnode-dev)";
  }
  const work = `${target}.partial`;
  rmSync(work, { recursive: true, force: true });
  try {
    const problem =
      (await fetchTensorflow(context, join(work, "deps"))) || (await compile(context, work, headers));
    if (problem) return problem;
    rmSync(target, { recursive: true, force: true });
    renameSync(work, target);
    return "";
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder - where it would be built
 * @returns {string} what is missing, with the remedy after a semicolon; "" when nothing is
 */
function missingForBuild(folder) {
  if (process.platform !== "linux" || !(process.arch in wheels)) {
    return `no way to build it is known for ${process.platform} ${process.arch}`;
  }
  if (!libcVersion()) return "TensorFlow needs a Linux with glibc";
  if (!nodeGypProgram()) return "npm has no node-gyp; install a current npm";
  const tool = ["g++", "make"].find((name) => onPath(name).length === 0);
  if (tool) return `building it needs ${tool}; install it (Debian: apt install g++ make)`;
  const disk = statfsSync(folder);
  return disk.bavail * disk.bsize < 2e9 ? "building it needs 2 GB of free disk; free some" : "";
}

/**
 * Downloads TensorFlow and takes out of it what the binding needs.
 *
 * @param {import("./context.mjs").Context} context
 * @param {string} deps - folder that gets lib/ and include/
 * @returns {Promise<string>} "" when it succeeded, else why not
 */
async function fetchTensorflow({ paths, runner }, deps) {
  const wheel = wheels[/** @type {keyof typeof wheels} */ (process.arch)];
  const download = join(deps, "wheel");
  mkdirSync(join(deps, "lib"), { recursive: true });
  const kind = ["--only-binary=:all:", "--python-version", "3.11", "--implementation", "cp", "--platform"];
  const patience = ["--no-cache-dir", "--retries", "1", "--timeout", "30"];
  const pip = await runner.run(
    "tfjs-node",
    paths.venvPython,
    ["-m", "pip", "download", "--no-deps", ...patience, ...kind, wheel.platform].concat(
      ["-d", download],
      `${wheel.name}==${tensorflow}`,
    ),
    { cwd: paths.root, timeoutMs: 20 * 60_000 },
  );
  if (pip.code !== 0) return `TensorFlow could not be downloaded: ${installerError("pip", pip, log).message}`;
  const [file] = readdirSync(download);
  const script = join(paths.root, "scripts", "setup", "unpack-wheel.py");
  const unpacked = await runner.run("tfjs-node", paths.venvPython, [script, join(download, file), deps]);
  if (unpacked.code !== 0) return `the TensorFlow package could not be unpacked (${log})`;
  rmSync(download, { recursive: true });
  for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]) {
    symlinkSync(name, join(deps, "lib", name.replace("_cc", "").replace(/\.2$/, "")));
  }
  return "";
}

/**
 * @param {import("./context.mjs").Context} context
 * @param {string} work - folder with deps/, which gets lib/napi-v8/tfjs_binding.node
 * @param {string | undefined} headers - prefix of Node's headers; undefined for those that node-gyp fetched
 * @returns {Promise<string>} "" when it succeeded, else why not
 */
async function compile({ paths, runner }, work, headers) {
  const sources = ["binding", "binding.gyp", "package.json"];
  for (const name of sources) cpSync(join(paths.tfjsNode, name), join(work, name), { recursive: true });
  const built = await runner.run(
    "tfjs-node",
    process.execPath,
    [
      nodeGypProgram() ?? "",
      "rebuild",
      "--module_name=tfjs_binding",
      `--module_path=${join(work, "lib", "napi-v8")}`,
      "--napi_build_version=8",
      `--python=${paths.venvPython}`,
      ...(headers ? [`--nodedir=${headers}`] : []),
    ],
    { cwd: work, timeoutMs: 15 * 60_000 },
  );
  if (built.code !== 0 || !existsSync(join(work, "lib", "napi-v8", "tfjs_binding.node"))) {
    return `its binding could not be compiled (${log})`;
  }
  for (const name of [...sources, "build", join("deps", "include")]) {
    rmSync(join(work, name), { recursive: true, force: true });
  }
  return "";
}

/** @param {import("./context.mjs").Context} context */
async function fetchHeaders({ paths, runner }) {
  const args = [nodeGypProgram() ?? "", "install"];
  const result = await runner.run("tfjs-node", process.execPath, args, {
    cwd: paths.root,
    timeoutMs: 20_000,
  });
  return result.code === 0;
}
