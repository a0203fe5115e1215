import { lstatSync, mkdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Links the clone into its own node_modules, so that a cell finds it by `import ... from "dn2"`.
 *
 * @type {import("./context.mjs").Step}
 */
export const link = {
  name: "link",
  title: 'import "dn2"',
  needs: ["npm-packages"],
  async run({ paths }) {
    if (isLinked(paths)) return { detail: "up to date" };
    rmSync(paths.link, { recursive: true, force: true });
    mkdirSync(dirname(paths.link), { recursive: true });
    if (process.platform === "win32") symlinkSync(paths.root, paths.link, "junction");
    else symlinkSync("..", paths.link);
    return { detail: "linked" };
  },
};

/**
 * @param {import("./paths.mjs").Paths} paths
 * @returns {boolean} true when node_modules/dn2 leads to this clone
 */
export function isLinked(paths) {
  try {
    return (
      lstatSync(paths.link).isSymbolicLink() &&
      readlinkSync(paths.link) !== "" &&
      realpathSync(paths.link) === realpathSync(paths.root)
    );
  } catch {
    return false;
  }
}
