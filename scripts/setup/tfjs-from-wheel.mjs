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
import { dirname, join } from "node:path";
import { findNodeHeaders } from "./node-headers.mjs";
import { installerError, nodeGypProgram, onPath } from "./npm.mjs";
import { projectRoot } from "./paths.mjs";
import { libcVersion } from "./tfjs-load.mjs";

/** The version that tfjs-node 4.22.0 was tried with; 2.9.3 does not load. */
const tensorflow = "2.15.1";
const wheels = {
  x64: { name: "tensorflow-cpu", platform: "manylinux2014_x86_64" },
  arm64: { name: "tensorflow-cpu-aws", platform: "manylinux2014_aarch64" },
};

/**
 * Builds tfjs-node's binding on the TensorFlow library inside a Python package.
 *
 * @param {import("./context.mjs").Context} context
 * @param {string} target - folder that gets lib/napi-v8/tfjs_binding.node and deps/lib; it appears whole or not at all
 * @returns {Promise<string>} "" when it succeeded, else why not
 */
export async function buildFromWheel(context, target) {
  const { paths, runner } = context;
  const wheel = wheels[/** @type {keyof typeof wheels} */ (process.arch)];
  if (process.platform !== "linux" || !wheel)
    return `no way to build it is known for ${process.platform} ${process.arch}`;
  if (!libcVersion()) return "TensorFlow needs a Linux with glibc";
  const gyp = nodeGypProgram();
  if (!gyp) return "npm has no node-gyp; install a current npm";
  for (const tool of ["g++", "make"]) {
    if (onPath(tool).length === 0)
      return `building it needs ${tool}; install it (Debian: apt install g++ make)`;
  }
  mkdirSync(paths.cache, { recursive: true });
  const disk = statfsSync(paths.cache);
  if (disk.bavail * disk.bsize < 2e9) return "building it needs 2 GB of free disk; free some";
  const headers = await findNodeHeaders(context);
  if (!headers && !(await fetchHeaders(context, gyp))) {
    return "building it needs Node's C headers, which came neither with Node nor from its host; install them (Debian: apt install libnode-dev)";
  }
  const work = `${target}.partial`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, "deps", "lib"), { recursive: true });
  try {
    const download = join(work, "wheel");
    const pip = await runner.run(
      "tfjs-node",
      paths.venvPython,
      `-m pip download --no-cache-dir --no-deps --only-binary=:all: --python-version 3.11 --implementation cp --retries 1 --timeout 30 --platform ${wheel.platform} -d ${"@"} ${wheel.name}==${tensorflow}`
        .split(" ")
        .map((arg) => (arg === "@" ? download : arg)),
      { cwd: paths.root, timeoutMs: 20 * 60_000 },
    );
    if (pip.code !== 0)
      return `TensorFlow could not be downloaded: ${installerError("pip", pip, ".dn2/log/tfjs-node.log").message}`;
    const [file] = readdirSync(download);
    const unpack = join(projectRoot, "scripts", "setup", "unpack-wheel.py");
    const unpacked = await runner.run("tfjs-node", paths.venvPython, [
      unpack,
      join(download, file),
      join(work, "deps"),
    ]);
    if (unpacked.code !== 0)
      return "the TensorFlow package could not be unpacked (see .dn2/log/tfjs-node.log)";
    rmSync(download, { recursive: true });
    for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]) {
      symlinkSync(name, join(work, "deps", "lib", name.replace("_cc", "").replace(/\.2$/, "")));
    }
    for (const name of ["binding", "binding.gyp", "package.json"]) {
      cpSync(join(paths.tfjsNode, name), join(work, name), { recursive: true });
    }
    const built = await runner.run(
      "tfjs-node",
      process.execPath,
      [
        gyp,
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
      return "its binding could not be compiled (see .dn2/log/tfjs-node.log)";
    }
    for (const name of ["build", "binding", "binding.gyp", "package.json", join("deps", "include")]) {
      rmSync(join(work, name), { recursive: true, force: true });
    }
    rmSync(target, { recursive: true, force: true });
    mkdirSync(dirname(target), { recursive: true });
    renameSync(work, target);
    return "";
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {import("./context.mjs").Context} context
 * @param {string} gyp
 */
async function fetchHeaders({ paths, runner }, gyp) {
  const result = await runner.run("tfjs-node", process.execPath, [gyp, "install"], {
    cwd: paths.root,
    timeoutMs: 20_000,
  });
  return result.code === 0;
}
