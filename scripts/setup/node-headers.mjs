import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { npmProgram } from "./npm.mjs";

/**
 * Finds the C headers of Node, which native bindings are built with.
 *
 * @param {import("./context.mjs").Context} context
 * @returns {Promise<string | undefined>} a prefix with include/node in it; those of this very version first
 */
export async function findNodeHeaders({ paths, runner }) {
  const asked = await runner.run("tfjs-node", process.execPath, [npmProgram(), "config", "get", "nodedir"], {
    cwd: paths.root,
    timeoutMs: 20_000,
  });
  const configured = asked.stdout.trim();
  const prefixes = [
    dirname(dirname(process.execPath)),
    configured,
    process.env.npm_config_nodedir ?? "",
    "/usr",
  ]
    .filter((prefix) => prefix !== "" && prefix !== "undefined" && prefix !== "null")
    .filter((prefix) => existsSync(join(prefix, "include", "node", "node_api.h")));
  return prefixes.find((prefix) => majorOf(prefix) === process.versions.node.split(".")[0]) ?? prefixes[0];
}

/** @param {string} prefix */
function majorOf(prefix) {
  const path = join(prefix, "include", "node", "node_version.h");
  return existsSync(path)
    ? readFileSync(path, "utf8").match(/#define NODE_MAJOR_VERSION (\d+)/)?.[1]
    : undefined;
}
