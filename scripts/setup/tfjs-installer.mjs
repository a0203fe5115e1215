import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findNodeHeaders } from "./node-headers.mjs";
import { nodeGypProgram } from "./npm.mjs";

const silenceMs = 12_000;
const stallMs = 240_000;

/**
 * Lets tfjs-node install itself. It downloads TensorFlow from a host that may be closed, so it is ended when nothing
 * arrives.
 *
 * @param {import("./context.mjs").Context} context
 * @returns {Promise<string>} "" when it succeeded, else why not
 */
export async function runOwnInstaller(context) {
  const { paths, runner } = context;
  const deps = join(paths.tfjsNode, "deps");
  rmSync(deps, { recursive: true, force: true });
  let bytes = 0;
  let changed = Date.now();
  const result = await runner.run("tfjs-node", process.execPath, [join("scripts", "install.js")], {
    cwd: paths.tfjsNode,
    timeoutMs: 20 * 60_000,
    env: {
      PATH: `${join(paths.modules, ".bin")}${delimiter}${process.env.PATH}`,
      npm_config_node_gyp: nodeGypProgram(),
      npm_config_nodedir: await findNodeHeaders(context),
      npm_config_python: paths.venvPython,
    },
    stalled: () => {
      const now = folderBytes(deps);
      if (now !== bytes) changed = Date.now();
      bytes = now;
      return Date.now() - changed > (bytes === 0 ? silenceMs : stallMs);
    },
  });
  if (result.code === 0 && existsSync(join(paths.tfjsNode, "lib"))) return "";
  rmSync(deps, { recursive: true, force: true });
  const code = result.output.match(/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH/)?.[0];
  return `its own installer failed (${code ? `the host it downloads from is closed: ${code}` : result.timedOut ? "the host it downloads from does not answer" : "see .dn2/log/tfjs-node.log"})`;
}

/** @param {string} folder */
function folderBytes(folder) {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);
}
