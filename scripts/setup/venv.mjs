import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { installerError } from "./npm.mjs";
import { readJson } from "./paths.mjs";
import { findPython } from "./python.mjs";
import { SetupError } from "./setup-error.mjs";
import { hashOfFiles, writeWhole } from "./state.mjs";

/**
 * The mark that set-up leaves in .venv. A folder without one, left while packages were being installed, or moved with
 * the clone (its programs hold absolute paths) is made anew.
 *
 * @typedef {object} VenvMark
 * @property {"made" | "installing" | "complete"} stage
 * @property {string} place - where .venv was made
 * @property {string} python - version
 * @property {string} requirements - hash of what is installed, "" when nothing is
 * @property {string} [jupyterlab] - version
 */

/**
 * @param {import("./paths.mjs").Paths} paths
 * @returns {VenvMark | undefined} undefined when .venv cannot be used
 */
export function venvMark(paths) {
  const mark = /** @type {VenvMark | undefined} */ (readJson(join(paths.venv, "dn2.json")));
  const usable =
    mark && mark.stage !== "installing" && mark.place === paths.venv && existsSync(paths.venvPython);
  return usable ? mark : undefined;
}

/**
 * @param {import("./paths.mjs").Paths} paths
 * @param {VenvMark} mark
 */
function leaveMark(paths, mark) {
  writeWhole(join(paths.venv, "dn2.json"), `${JSON.stringify(mark)}\n`);
}

/** @param {import("./paths.mjs").Paths} paths */
export function requirementsHash(paths) {
  return hashOfFiles(paths.requirements, paths.constraints);
}

/** @type {import("./context.mjs").Step} */
export const venv = {
  name: "venv",
  title: "Python environment",
  needs: [],
  async run({ paths, runner }) {
    const mark = venvMark(paths);
    if (mark) return { detail: `Python ${mark.python}, up to date` };
    const python = await findPython(runner);
    rmSync(paths.venv, { recursive: true, force: true, maxRetries: 3 });
    const made = await runner.run("python", python.path, ["-m", "venv", paths.venv], {
      timeoutMs: 5 * 60_000,
    });
    if (made.code !== 0) {
      throw new SetupError(
        `Python ${python.version} could not make an environment`,
        "see .dn2/log/python.log",
      );
    }
    // Python packages bring CommonJS programs, which would else be taken for the ES modules of this project.
    writeWhole(join(paths.venv, "package.json"), "{}\n");
    leaveMark(paths, { stage: "made", place: paths.venv, python: python.version, requirements: "" });
    return { detail: `Python ${python.version}` };
  },
};

/** @type {import("./context.mjs").Step} */
export const jupyter = {
  name: "jupyter",
  title: "JupyterLab",
  needs: ["venv"],
  async run({ paths, runner }) {
    const mark = /** @type {VenvMark} */ (venvMark(paths));
    const requirements = requirementsHash(paths);
    if (mark.stage === "complete" && mark.requirements === requirements) {
      return { detail: `${mark.jupyterlab}, up to date` };
    }
    leaveMark(paths, { ...mark, stage: "installing" });
    const result = await runner.run(
      "python",
      paths.venvPython,
      ["-m", "pip", "install", "--quiet", "--prefer-binary", "--retries", "2", "--timeout", "30"].concat([
        "-r",
        paths.requirements,
        "-c",
        paths.constraints,
      ]),
      { cwd: paths.root, timeoutMs: 20 * 60_000 },
    );
    if (result.code !== 0) {
      const problem = installerError("pip", result, ".dn2/log/python.log");
      // pip installs nothing before it has everything.
      if (problem.message.includes("could not be reached")) leaveMark(paths, mark);
      throw problem;
    }
    const asked = await runner.run("python", paths.venvPython, [
      "-c",
      "from importlib.metadata import version; print(version('jupyterlab'))",
    ]);
    const jupyterlab = asked.stdout.trim();
    leaveMark(paths, { ...mark, stage: "complete", requirements, jupyterlab });
    rmSync(paths.pipCache, { recursive: true, force: true });
    return { detail: jupyterlab };
  },
};
