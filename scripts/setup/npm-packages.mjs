import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { installerError, npmProgram } from "./npm.mjs";
import { readJson } from "./paths.mjs";

/** Packages that are installed though npm calls them optional: set-up itself sees to their native parts. */
const expected = ["node_modules/@tensorflow/tfjs-node", "node_modules/onnxruntime-node"];

/**
 * Tells whether node_modules is what package-lock.json says. npm writes its own list there last, so a half-made
 * folder has none.
 *
 * @param {import("./paths.mjs").Paths} paths
 * @returns {number} installed packages; 0 when they must be installed
 */
export function installedPackages(paths) {
  const wanted = readJson(join(paths.root, "package-lock.json"))?.packages;
  const found = readJson(join(paths.modules, ".package-lock.json"))?.packages;
  if (!wanted || !found) return 0;
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path === "") continue;
    const missing = !found[path] && (!optional || expected.includes(path));
    if (missing || (found[path] && found[path].version !== version)) return 0;
  }
  const onDisk = ["typescript", "tslab", "@tensorflow/tfjs"].every((name) =>
    existsSync(join(paths.modules, name, "package.json")),
  );
  return onDisk ? Object.keys(found).length : 0;
}

/** @type {import("./context.mjs").Step} */
export const npmPackages = {
  name: "npm-packages",
  title: "Node packages",
  needs: [],
  async run({ paths, runner }) {
    const before = installedPackages(paths);
    if (before > 0) return { detail: `${before}, up to date` };
    await expectRegistry({ paths, runner });
    const args = ["ci", "--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
    const impatient = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000"];
    const result = await runner.run("npm", process.execPath, [npmProgram(), ...args, ...impatient], {
      cwd: paths.root,
      timeoutMs: 20 * 60_000,
    });
    const after = installedPackages(paths);
    if (result.code !== 0 || after === 0) throw installerError("npm", result, ".dn2/log/npm.log");
    rmSync(join(paths.npmCache, "_cacache"), { recursive: true, force: true });
    return { detail: String(after) };
  },
};

/**
 * Asks the registry for one package first: npm itself takes minutes to give up on a closed one.
 *
 * @param {Pick<import("./context.mjs").Context, "paths" | "runner">} context
 */
async function expectRegistry({ paths, runner }) {
  const question = ["view", "typescript", "version", "--fetch-retries=0", "--fetch-timeout=20000"];
  const answer = await runner.run("npm", process.execPath, [npmProgram(), ...question], {
    cwd: paths.root,
    timeoutMs: 60_000,
  });
  if (answer.code !== 0) throw installerError("npm", answer, ".dn2/log/npm.log");
}
